// A mail as it would be, for a person, a badge and an award that are made up where none is named.
import type { Badge } from "../db/badges.ts";
import type { MailTemplate } from "../db/notifications.ts";
import type { Organization } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { type Composed, composed } from "./compose.ts";
import { type MailKind, type MailValue, type MailWords, SAMPLES } from "./kinds.ts";
import { chosenWords } from "./templates.ts";

/** What no award has as its public id. */
const SAMPLE_HASH = "0".repeat(40);

export interface PreviewInput extends Partial<MailWords> {
  readonly kind: MailKind;
  /** BCP 47; the organization's unless given. */
  readonly language?: string | undefined;
}

/** Words that are not given are those that would be sent; of a badge, its own where it has some. */
export function previewed(
  { urls }: Pick<Env, "urls">,
  organization: Organization,
  badge: Badge | null,
  templates: readonly MailTemplate[],
  { kind, language, subject, body }: PreviewInput,
): Composed {
  const own = kind === "award.created" ? badge : null;
  const speaks = body === undefined && own !== null && own.message.trim() !== "";
  const wanted = language ?? (speaks ? own.language : organization.language);
  const words = chosenWords(templates, kind, [wanted, organization.language]);
  const ownSubject = own === null || own.message_subject.trim() === "" ? null : own.message_subject;
  const sampled: Record<string, MailValue> = {
    ...SAMPLES[kind],
    organizationname: organization.name,
    ...(badge === null ? {} : { badgename: badge.name }),
  };
  if ("badgelink" in sampled) sampled.badgelink = { href: urls.badgePage(SAMPLE_HASH) };
  if ("badgedescription" in sampled && badge !== null) {
    sampled.badgedescription = badge.description;
  }
  return composed(
    {
      subject: subject ?? ownSubject ?? words.subject,
      body: body ?? (speaks ? own.message : words.body),
    },
    sampled,
    body === undefined && !speaks ? words.language : wanted,
  );
}
