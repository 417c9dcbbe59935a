// The words an organization gives its mails: what they may hold, and how they are kept.
import type { Writable } from "../db/database.ts";
import { deleteMailTemplate, putMailTemplate } from "../db/mail-templates.ts";
import type { MailTemplate } from "../db/notifications.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { type Actor, audited } from "../issuer/audit.ts";
import { type FieldError, Problem } from "../problem.ts";
import type { MailKind, MailWords } from "./kinds.ts";
import { placeholderFault } from "./placeholders.ts";

/**
 * Throws an `invalid-request` Problem for placeholders that mean nothing in this kind of mail: they
 * would be sent to people as they are.
 */
export function requirePlaceholders(kind: MailKind, words: Partial<MailWords>): void {
  const errors = (["subject", "body"] as const).flatMap((part): FieldError[] => {
    const fault = placeholderFault(kind, words[part] ?? "");
    return fault === null ? [] : [{ pointer: `/${part}`, ...fault }];
  });
  const [first] = errors;
  if (first) throw new Problem("invalid-request", first.detail, { errors });
}

/** Puts words in the place of those that stand for this kind and language, or of none. */
export function changeTemplate(
  env: Env,
  before: MailTemplate | null,
  after: Omit<MailTemplate, "id" | "updated_at">,
  actor: Actor,
): { readonly template: MailTemplate; readonly writes: readonly Writable[] } {
  const id = before?.id ?? newId(env);
  const updated_at = Math.max(env.now(), (before?.updated_at ?? 0) + 1);
  const template = { ...after, id, updated_at };
  return {
    template,
    writes: [
      putMailTemplate(env.db, template),
      audited(env, {
        organizationId: after.organization_id,
        actor,
        action: "mail_template.changed",
        object: ["mail_template", id],
        detail: { kind: after.kind, language: after.language },
      }),
    ],
  };
}

export function removeTemplate(env: Env, template: MailTemplate, actor: Actor): Writable[] {
  return [
    deleteMailTemplate(env.db, template),
    audited(env, {
      organizationId: template.organization_id,
      actor,
      action: "mail_template.deleted",
      object: ["mail_template", template.id],
      detail: { kind: template.kind, language: template.language },
    }),
  ];
}
