// The words of mails that ship, in every language the pages speak.
import type { MailKind, MailWords } from "./kinds.ts";

const ENGLISH: Readonly<Record<MailKind, MailWords>> = {
  "award.created": {
    subject: "You have been awarded the badge %badgename%",
    body: `Hello %username%,

%organizationname% has awarded you the badge **%badgename%**.

%badgedescription%

See it, share it and keep it here:

%badgelink%`,
  },
  "creator.award": {
    subject: "%badgename% was awarded to %recipientname%",
    body: `Hello %username%,

your badge **%badgename%** of %organizationname% was awarded to %recipientname% on %awardedon%.

%badgelink%`,
  },
  "creator.digest": {
    subject: "%badgename%: new awards, %count% in all",
    body: `Hello %username%,

your badge **%badgename%** of %organizationname% was awarded between %from% and %until% to:

%recipients%`,
  },
  "nomination.created": {
    subject: "%nomineename% is nominated for %badgename%",
    body: `Hello %username%,

%nominatorname% nominates %nomineename% for the badge **%badgename%** of %organizationname%:

%reason%

Whether it is awarded is for you to decide.`,
  },
  "nomination.approved": {
    subject: "Your nomination of %nomineename% for %badgename% was approved",
    body: `Hello %username%,

%nomineename%, whom you nominated, has been awarded the badge **%badgename%** of %organizationname%.

%note%`,
  },
  "nomination.declined": {
    subject: "Your nomination of %nomineename% for %badgename% was declined",
    body: `Hello %username%,

%nomineename%, whom you nominated, was not awarded the badge **%badgename%** of %organizationname%.

%note%`,
  },
};

const GERMAN: Readonly<Record<MailKind, MailWords>> = {
  "award.created": {
    subject: "Ihnen wurde das Badge %badgename% verliehen",
    body: `Guten Tag %username%,

%organizationname% hat Ihnen das Badge **%badgename%** verliehen.

%badgedescription%

Hier können Sie es ansehen, teilen und behalten:

%badgelink%`,
  },
  "creator.award": {
    subject: "%badgename% wurde verliehen: %recipientname%",
    body: `Guten Tag %username%,

Ihr Badge **%badgename%** von %organizationname% wurde am %awardedon% verliehen an: %recipientname%

%badgelink%`,
  },
  "creator.digest": {
    subject: "%badgename%: neue Verleihungen, %count% insgesamt",
    body: `Guten Tag %username%,

Ihr Badge **%badgename%** von %organizationname% wurde zwischen dem %from% und dem %until% verliehen an:

%recipients%`,
  },
  "nomination.created": {
    subject: "Vorschlag für %badgename%: %nomineename%",
    body: `Guten Tag %username%,

%nominatorname% schlägt %nomineename% für das Badge **%badgename%** von %organizationname% vor:

%reason%

Ob es verliehen wird, entscheiden Sie.`,
  },
  "nomination.approved": {
    subject: "Ihr Vorschlag für %badgename% wurde angenommen: %nomineename%",
    body: `Guten Tag %username%,

Sie haben %nomineename% vorgeschlagen. Das Badge **%badgename%** von %organizationname% ist verliehen.

%note%`,
  },
  "nomination.declined": {
    subject: "Ihr Vorschlag für %badgename% wurde abgelehnt: %nomineename%",
    body: `Guten Tag %username%,

Sie haben %nomineename% vorgeschlagen. Das Badge **%badgename%** von %organizationname% wurde nicht verliehen.

%note%`,
  },
};

/** Where nobody understands a better one. */
export const LAST_LANGUAGE = "en";

export const SHIPPED_LANGUAGES = ["en", "de"] as const;
export type ShippedLanguage = (typeof SHIPPED_LANGUAGES)[number];

const SHIPPED: Readonly<Record<ShippedLanguage, Readonly<Record<MailKind, MailWords>>>> = {
  en: ENGLISH,
  de: GERMAN,
};

export function shippedWords(kind: MailKind, language: ShippedLanguage): MailWords {
  return SHIPPED[language][kind];
}

/** Of a tag in lower case or as it is stored. */
export function isShipped(language: string): language is ShippedLanguage {
  return SHIPPED_LANGUAGES.some((one) => one === language);
}
