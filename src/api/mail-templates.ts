// The words of mails over the API: list, read, write, remove, and see what would be sent.
import { z } from "@hono/zod-openapi";
import type { Principal } from "../auth.ts";
import { findBadge } from "../db/badges.ts";
import { findMailTemplate, listMailTemplates } from "../db/mail-templates.ts";
import type { MailTemplate } from "../db/notifications.ts";
import { findOrganization, type Organization } from "../db/organizations.ts";
import { provenIdentities } from "../db/people.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { canonicalLanguage } from "../issuer/language.ts";
import { MAIL_KINDS } from "../mail/kinds.ts";
import { placeholdersOf } from "../mail/placeholders.ts";
import { previewed } from "../mail/preview.ts";
import {
  isShipped,
  SHIPPED_LANGUAGES,
  type ShippedLanguage,
  shippedWords,
} from "../mail/shipped.ts";
import { changeTemplate, removeTemplate, requirePlaceholders } from "../mail/template-change.ts";
import { MAX_MARKDOWN } from "../markdown.ts";
import { Problem } from "../problem.ts";
import { instantOrNull, language, line, prose, time } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";

const TAG = "Mail";
export const MAX_TEMPLATE_SUBJECT = 250;

const kind = () =>
  z.enum(MAIL_KINDS).openapi({ description: "Which mail.", example: "award.created" });

const bothParams = z.strictObject({
  kind: kind(),
  language: language().transform(canonicalLanguage).openapi({ description: "A BCP 47 tag." }),
});

const words = {
  subject: line(MAX_TEMPLATE_SUBJECT),
  body: prose(MAX_MARKDOWN).openapi({
    description: "Markdown: paragraphs, emphasis, links and lists, with `%placeholders%`.",
  }),
};

const newTemplate = z.strictObject(words).openapi("NewMailTemplate");

const shown = z
  .object({
    kind: z.enum(MAIL_KINDS),
    language: z.string(),
    subject: z.string(),
    body: z.string(),
    placeholders: z.array(z.string()),
    is_shipped: z.boolean().openapi({ description: "Ours: the organization wrote none." }),
    updated_at: time().nullable(),
  })
  .openapi("MailTemplate");

type Shown = z.input<typeof shown>;

function show(
  row: Pick<MailTemplate, "language" | "subject" | "body" | "updated_at"> & Pick<Shown, "kind">,
): Shown {
  return {
    kind: row.kind,
    language: row.language,
    subject: row.subject,
    body: row.body,
    placeholders: placeholdersOf(row.kind),
    is_shipped: false,
    updated_at: instantOrNull(row.updated_at),
  };
}

function shipped(kind: Shown["kind"], language: ShippedLanguage): Shown {
  const row = { ...shippedWords(kind, language), kind, language, updated_at: 0 };
  return { ...show(row), is_shipped: true, updated_at: null };
}

/** Null in a language in which none ship. */
function asShipped({ kind, language }: z.output<typeof bothParams>): Shown | null {
  return isShipped(language) ? shipped(kind, language) : null;
}

const isKind = (name: string): name is Shown["kind"] =>
  (MAIL_KINDS as readonly string[]).includes(name);

async function ownTemplate(env: Env, organizationId: string, params: z.output<typeof bothParams>) {
  const key = { organization_id: organizationId, ...params };
  return { key, before: await findMailTemplate(env.db, key) };
}

function unknown(): Problem {
  return new Problem("not-found", "There are no words for this mail in this language.");
}

const preview = z
  .strictObject({
    kind: kind(),
    language: language()
      .transform(canonicalLanguage)
      .optional()
      .openapi({ description: "The organization's unless given." }),
    subject: words.subject.optional(),
    body: words.body.optional(),
    badge: line(100).optional().openapi({ description: "A badge's id: the mail about it." }),
  })
  .openapi("MailPreview");

const previewShown = z
  .object({ subject: z.string(), text: z.string(), html: z.string(), language: z.string() })
  .openapi("PreviewedMail");

const testShown = z
  .object({
    to: z.string(),
    sent: z.boolean(),
    reason: z.string().nullable().openapi({
      description: "A code: why it was not.",
      example: "mail-server-unreachable",
    }),
  })
  .openapi("TestMail");

async function sampleOf(env: Env, organizationId: string, body: z.output<typeof preview>) {
  const organization = await findOrganization(env.db, organizationId);
  const badge =
    body.badge === undefined ? null : await findBadge(env.db, organizationId, body.badge);
  if (organization === null || (badge === null && body.badge !== undefined)) {
    throw new Problem("not-found", "This organization has no badge with this id.");
  }
  const templates = await listMailTemplates(env.db, organizationId);
  return { organization, mail: previewed(env, organization, badge, templates, body) };
}

async function ownAddress(
  { db }: Env,
  { email }: Organization,
  principal: Principal,
): Promise<string> {
  const proven = principal.kind === "user" ? await provenIdentities(db, principal.id) : [];
  return proven.find(({ type }) => type === "email")?.normalised ?? email;
}

export const mailTemplateOperations: readonly Operation[] = [
  operation({
    id: "listMailTemplates",
    method: "get",
    path: "/mail-templates",
    tag: TAG,
    summary: "List the words of mails",
    description:
      "The organization's own in every language, and ours in English and German where it has none. A mail is in the person's language, else the organization's, else English.",
    scope: "organizations:read",
    answers: [
      {
        status: 200,
        description: "All of them.",
        schema: z.object({ data: z.array(shown), next_cursor: z.null() }),
      },
    ],
    async handle({ env, organizationId }) {
      const own = (await listMailTemplates(env.db, organizationId)).flatMap((row) =>
        isKind(row.kind) ? [show({ ...row, kind: row.kind })] : [],
      );
      const isOwn = (name: string, language: string) =>
        own.some((row) => row.kind === name && row.language === language);
      const ours = SHIPPED_LANGUAGES.flatMap((language) =>
        MAIL_KINDS.filter((name) => !isOwn(name, language)).map((name) => shipped(name, language)),
      );
      return { status: 200, body: { data: [...own, ...ours], next_cursor: null } };
    },
  }),
  operation({
    id: "getMailTemplate",
    method: "get",
    path: "/mail-templates/{kind}/{language}",
    tag: TAG,
    summary: "Read the words of a mail",
    scope: "organizations:read",
    params: bothParams,
    answers: [{ status: 200, description: "The words.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const { before } = await ownTemplate(env, organizationId, params);
      if (before !== null) {
        return { status: 200, body: show({ ...before, kind: params.kind }), tagged: true };
      }
      const ours = asShipped(params);
      if (ours === null) throw unknown();
      return { status: 200, body: ours, tagged: true };
    },
  }),
  operation({
    id: "putMailTemplate",
    method: "put",
    path: "/mail-templates/{kind}/{language}",
    tag: TAG,
    summary: "Write the words of a mail",
    description:
      "A badge's own message and subject, where it has some, come before these. Values are put in as text: nothing in a name becomes markup.",
    scope: "organizations:write",
    params: bothParams,
    body: newTemplate,
    example: {
      subject: "Glückwunsch, %username%!",
      body: "Hallo %username%,\n\ndu hast **%badgename%** bekommen: %badgelink%",
    },
    answers: [
      { status: 200, description: "The words, changed.", schema: shown },
      { status: 201, description: "The words, new.", schema: shown },
    ],
    async handle({ env, organizationId, params, body, principal, expectUnchanged }) {
      const { key, before } = await ownTemplate(env, organizationId, params);
      await expectUnchanged(
        before === null ? asShipped(params) : show({ ...before, kind: params.kind }),
      );
      requirePlaceholders(params.kind, body);
      const { template, writes } = changeTemplate(env, before, { ...key, ...body }, principal);
      return {
        status: before === null ? 201 : 200,
        body: show({ ...template, kind: params.kind }),
        tagged: true,
        writes,
      };
    },
  }),
  operation({
    id: "deleteMailTemplate",
    method: "delete",
    path: "/mail-templates/{kind}/{language}",
    tag: TAG,
    summary: "Remove an organization's words of a mail",
    scope: "organizations:write",
    params: bothParams,
    answers: [{ status: 204, description: "They are gone; in English and German ours are back." }],
    async handle({ env, organizationId, params, principal, expectUnchanged }) {
      const { before } = await ownTemplate(env, organizationId, params);
      if (before === null) throw unknown();
      await expectUnchanged(show({ ...before, kind: params.kind }));
      return { status: 204, writes: removeTemplate(env, before, principal) };
    },
  }),
  operation({
    id: "previewMail",
    method: "post",
    path: "/mail-templates/preview",
    tag: TAG,
    summary: "See a mail as it would be sent",
    description:
      "With the words given, or those that would be used, for people who are made up. Nothing is kept or sent.",
    scope: "organizations:read",
    body: preview,
    example: { kind: "award.created", body: "Hello %username%: %badgelink%" },
    answers: [{ status: 200, description: "The mail.", schema: previewShown }],
    async handle({ env, organizationId, body }) {
      requirePlaceholders(body.kind, body);
      const { mail } = await sampleOf(env, organizationId, body);
      const { subject, text, html, language: tag } = mail;
      return { status: 200, body: { subject, text, html, language: tag } };
    },
  }),
  operation({
    id: "sendTestMail",
    method: "post",
    path: "/mail-templates/test",
    tag: TAG,
    summary: "Send a mail to oneself, as it would be sent",
    description:
      "With the words given, or those that would be used, for people who are made up. It goes to an address that who asks has proven; for a key, to the organization's. The answer says whether the mail server took it.",
    scope: "organizations:write",
    body: preview,
    example: { kind: "award.created" },
    problems: ["mail-not-set-up"],
    answers: [{ status: 200, description: "What became of it.", schema: testShown }],
    async handle({ env, organizationId, principal, body }) {
      requirePlaceholders(body.kind, body);
      const { organization, mail } = await sampleOf(env, organizationId, body);
      if (env.mail === undefined) {
        throw new Problem("mail-not-set-up", "This installation can send no mail.");
      }
      const to = await ownAddress(env, organization, principal);
      const sent = await env.mail.send({ ...mail, to, id: newId(env) });
      const reason = sent.ok ? null : sent.reason;
      return { status: 200, body: { to, sent: sent.ok, reason } };
    },
  }),
];
