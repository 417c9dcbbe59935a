// Which mails there are: what each is for, and what may stand in its words.

export const MAIL_KINDS = [
  "award.created",
  "creator.award",
  "creator.digest",
  "nomination.created",
  "nomination.approved",
  "nomination.declined",
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** Subject and body as they are written: the body in Markdown, `%placeholders%` in both. */
export interface MailWords {
  readonly subject: string;
  readonly body: string;
}

/** What stands in a mail for a placeholder. */
export type MailValue =
  | string
  /** An address of this installation; it may stand where Markdown wants one. */
  | { readonly href: string }
  /** A list where the placeholder is a paragraph of its own, else one after the other. */
  | { readonly items: readonly string[] };

export type MailValues<Name extends string = string> = Readonly<Record<Name, MailValue>>;

/** Names of placeholders, and what each stands for in a preview. */
const AWARD = {
  badgename: "Streak Champion",
  badgedescription: "Ran mentoring sessions in twelve consecutive weeks.",
  username: "Noor Haddad",
  badgelink: { href: "" },
  organizationname: "Northside Peer Mentors",
  awardedon: "4 October 2026",
  expireson: "—",
} satisfies MailValues;

const CREATOR = {
  badgename: "Streak Champion",
  username: "Cora Mensah",
  organizationname: "Northside Peer Mentors",
} satisfies MailValues;

const NOMINATION = {
  badgename: "Bridge Builder",
  username: "Cora Mensah",
  nomineename: "Kim Osei",
  reason: "Kim brought both youth clubs to one table.",
  organizationname: "Northside Peer Mentors",
} satisfies MailValues;

/** Each kind's placeholders with what stands for them in a preview. */
export const SAMPLES = {
  "award.created": AWARD,
  "creator.award": {
    ...CREATOR,
    recipientname: "Noor Haddad",
    badgelink: { href: "" },
    awardedon: "4 October 2026",
  },
  "creator.digest": {
    ...CREATOR,
    count: "2",
    recipients: { items: ["Noor Haddad", "Kim Osei"] },
    from: "27 September 2026",
    until: "4 October 2026",
  },
  "nomination.created": { ...NOMINATION, nominatorname: "Tomás Rivera" },
  "nomination.approved": { ...NOMINATION, note: "With pleasure." },
  "nomination.declined": { ...NOMINATION, note: "Please nominate Kim again in spring." },
} as const satisfies Record<MailKind, MailValues>;

/** The values a kind's mail is made with. */
export type ValuesOf<Kind extends MailKind> = MailValues<
  Extract<keyof (typeof SAMPLES)[Kind], string>
>;
