// The words of the mails about signing in, as text and as HTML.

import type { MailMessage } from "../env.ts";
import { escapedHtml } from "../html-text.ts";

type Words = Pick<MailMessage, "subject" | "text" | "html">;

interface LinkMail {
  /** The host people know this server by. */
  readonly site: string;
  readonly address: string;
  readonly code: string;
  readonly minutes: number;
}

export function signInMail(mail: LinkMail): Words {
  return withLink(mail, {
    subject: `Sign in to ${mail.site}`,
    opening: `Somebody, hopefully you, asked to sign in to ${mail.site} with this address.`,
    button: "Sign in",
    press: "press Continue there",
    ending:
      "If it was not you, do nothing: without this link or code nobody gets in. Tell the code to nobody; nobody from here will ask for it.",
  });
}

export function confirmMail(mail: LinkMail): Words {
  return withLink(mail, {
    subject: `Confirm your address for ${mail.site}`,
    opening: `Somebody, hopefully you, asked to add this address to their account at ${mail.site}.`,
    button: "Confirm the address",
    press: "press Confirm there, in the browser you are signed in with",
    ending:
      "If it was not you, do nothing: the address is then not added. Tell the code to nobody: whoever has it could add your address to their account.",
  });
}

/** For somebody who may not sign in: told by mail, so that the page need not say who is known. */
export function suspendedMail({ site }: Pick<LinkMail, "site">): Words {
  const lines = [
    `Somebody, hopefully you, asked to sign in to ${site} with this address.`,
    "Signing in with it is switched off at the moment. Whoever runs the site can tell why.",
  ];
  return {
    subject: `Signing in to ${site} is switched off`,
    text: `${lines.join("\n\n")}\n`,
    html: page(lines.map((line) => `<p>${escapedHtml(line)}</p>`)),
  };
}

interface Wording {
  readonly subject: string;
  readonly opening: string;
  readonly button: string;
  readonly press: string;
  readonly ending: string;
}

function withLink({ address, code, minutes }: LinkMail, words: Wording): Words {
  const spoken = `${code.slice(0, 3)} ${code.slice(3)}`;
  const use = `Open this link within ${minutes} minutes and ${words.press}:`;
  const type = "Or type this code in the window where you asked:";
  return {
    subject: words.subject,
    text: `${[words.opening, use, address, type, spoken, words.ending].join("\n\n")}\n`,
    html: page([
      `<p>${escapedHtml(words.opening)}</p>`,
      `<p>${escapedHtml(use)}</p>`,
      `<p><a href="${escapedHtml(address)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#1d4dbd;color:#ffffff;font-weight:bold;text-decoration:none">${escapedHtml(words.button)}</a></p>`,
      `<p>${escapedHtml(type)}</p>`,
      `<p style="font-size:24px;letter-spacing:2px">${escapedHtml(spoken)}</p>`,
      `<p style="color:#595c64">${escapedHtml(words.ending)}</p>`,
    ]),
  };
}

function page(paragraphs: readonly string[]): string {
  return `<!doctype html><html lang="en"><body style="font:17px/1.5 sans-serif;color:#1c1e24;max-width:36em">${paragraphs.join("")}</body></html>`;
}
