// The words of the mails about signing in, in each language, as text and as HTML.

import type { MailMessage } from "../env.ts";
import { escapedHtml } from "../html-text.ts";

type Words = Pick<MailMessage, "subject" | "text" | "html">;

export type MailLanguage = "en" | "de";

interface LinkMail {
  /** The host people know this server by. */
  readonly site: string;
  readonly address: string;
  readonly code: string;
  readonly minutes: number;
}

interface Wording {
  readonly subject: string;
  readonly opening: string;
  readonly button: string;
  /** What to do with the link, within so many minutes. */
  readonly use: (minutes: number) => string;
  /** What to do with the code. */
  readonly type: string;
  readonly ending: string;
}

const TYPE = {
  en: "Or type this code in the window where you asked:",
  de: "Oder geben Sie diesen Code in dem Fenster ein, in dem Sie die E-Mail angefordert haben:",
} as const satisfies Readonly<Record<MailLanguage, string>>;

const SIGN_IN: Readonly<Record<MailLanguage, (site: string) => Wording>> = {
  en: (site) => ({
    subject: `Sign in to ${site}`,
    opening: `Somebody, hopefully you, asked to sign in to ${site} with this address.`,
    button: "Sign in",
    use: (minutes) => `Open this link within ${minutes} minutes and press Continue there:`,
    type: TYPE.en,
    ending:
      "If it was not you, do nothing: without this link or code nobody gets in. Tell the code to nobody; nobody from here will ask for it.",
  }),
  de: (site) => ({
    subject: `Anmeldung bei ${site}`,
    opening: `Jemand, hoffentlich Sie, möchte sich mit dieser Adresse bei ${site} anmelden.`,
    button: "Anmelden",
    use: (minutes) =>
      `Öffnen Sie diesen Link innerhalb von ${minutes} Minuten, und drücken Sie dort auf „Weiter“:`,
    type: TYPE.de,
    ending:
      "Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ohne diesen Link oder Code kommt niemand hinein. Geben Sie den Code niemandem weiter; von hier wird Sie niemand danach fragen.",
  }),
};

const CONFIRM: Readonly<Record<MailLanguage, (site: string) => Wording>> = {
  en: (site) => ({
    subject: `Confirm your address for ${site}`,
    opening: `Somebody, hopefully you, asked to add this address to their account at ${site}.`,
    button: "Confirm the address",
    use: (minutes) =>
      `Open this link within ${minutes} minutes and press Confirm there, in the browser you are signed in with:`,
    type: TYPE.en,
    ending:
      "If it was not you, do nothing: the address is then not added. Tell the code to nobody: whoever has it could add your address to their account.",
  }),
  de: (site) => ({
    subject: `Ihre Adresse für ${site} bestätigen`,
    opening: `Jemand, hoffentlich Sie, möchte diese Adresse dem eigenen Konto bei ${site} hinzufügen.`,
    button: "Adresse bestätigen",
    use: (minutes) =>
      `Öffnen Sie diesen Link innerhalb von ${minutes} Minuten in dem Browser, in dem Sie angemeldet sind, und bestätigen Sie dort die Adresse:`,
    type: TYPE.de,
    ending:
      "Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Die Adresse wird dann nicht hinzugefügt. Geben Sie den Code niemandem weiter: Wer ihn hat, könnte Ihre Adresse dem eigenen Konto hinzufügen.",
  }),
};

const SUSPENDED: Readonly<
  Record<MailLanguage, (site: string) => { subject: string; why: string }>
> = {
  en: (site) => ({
    subject: `Signing in to ${site} is switched off`,
    why: "Signing in with it is switched off at the moment. Whoever runs the site can tell why.",
  }),
  de: (site) => ({
    subject: `Die Anmeldung bei ${site} ist gesperrt`,
    why: "Die Anmeldung damit ist zurzeit gesperrt. Wer die Website betreibt, kann Ihnen den Grund nennen.",
  }),
};

export function signInMail(mail: LinkMail, language: MailLanguage): Words {
  return withLink(mail, SIGN_IN[language](mail.site), language);
}

export function confirmMail(mail: LinkMail, language: MailLanguage): Words {
  return withLink(mail, CONFIRM[language](mail.site), language);
}

/** For somebody who may not sign in: told by mail, so that the page need not say who is known. */
export function suspendedMail({ site }: Pick<LinkMail, "site">, language: MailLanguage): Words {
  const { subject, why } = SUSPENDED[language](site);
  const lines = [SIGN_IN[language](site).opening, why];
  return {
    subject,
    text: `${lines.join("\n\n")}\n`,
    html: page(
      lines.map((line) => `<p>${escapedHtml(line)}</p>`),
      language,
    ),
  };
}

function withLink(
  { address, code, minutes }: LinkMail,
  { subject, opening, button, use, type, ending }: Wording,
  language: MailLanguage,
): Words {
  const spoken = `${code.slice(0, 3)} ${code.slice(3)}`;
  const open = use(minutes);
  return {
    subject,
    text: `${[opening, open, address, type, spoken, ending].join("\n\n")}\n`,
    html: page(
      [
        `<p>${escapedHtml(opening)}</p>`,
        `<p>${escapedHtml(open)}</p>`,
        `<p><a href="${escapedHtml(address)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#1d4dbd;color:#ffffff;font-weight:bold;text-decoration:none">${escapedHtml(button)}</a></p>`,
        `<p>${escapedHtml(type)}</p>`,
        `<p style="font-size:24px;letter-spacing:2px">${escapedHtml(spoken)}</p>`,
        `<p style="color:#595c64">${escapedHtml(ending)}</p>`,
      ],
      language,
    ),
  };
}

function page(paragraphs: readonly string[], language: MailLanguage): string {
  return `<!doctype html><html lang="${language}"><body style="font:17px/1.5 sans-serif;color:#1c1e24;max-width:36em">${paragraphs.join("")}</body></html>`;
}
