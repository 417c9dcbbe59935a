// A browser without pictures: keeps its cookies, reads forms and sends them, as a person would.

import { listDemoMails } from "../../src/db/demo-mails.ts";
import type { Env } from "../../src/env.ts";
import { createDemoMail } from "../../src/signin/demo-mail.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";

/** An app whose mails can be read with `lastMail`. */
export function mailingApp(options: TestOptions = {}): Promise<TestApp> {
  const { override } = options;
  return testApp({
    ...options,
    override: (env) => ({ mail: createDemoMail(env.db, env), ...override?.(env) }),
  });
}

export interface Visitor {
  /** As a Cookie header. */
  cookies(): string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>;
  /** Sends the form of a page that has this action, with its hidden fields. */
  send(page: Page, action: string, fields?: Readonly<Record<string, string>>): Promise<Page>;
}

export interface Page {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly html: string;
  /** What is read, without tags. */
  readonly text: string;
}

const BROWSER = {
  accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
};

/** Whatever answers requests as an app does. */
export type Reached = Pick<TestApp, "env" | "request">;

export function visitor(app: Reached): Visitor {
  const jar = new Map<string, string>();
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const ask = async (path: string, init: RequestInit): Promise<Page> => {
    const headers = { ...BROWSER, ...(jar.size > 0 ? { cookie: cookies() } : {}), ...init.headers };
    const response = await app.request(path, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split("; ");
      const [name = "", value = ""] = pair.split("=");
      if (attributes.includes("Max-Age=0")) jar.delete(name);
      else jar.set(name, value);
    }
    const html = await response.text();
    return {
      status: response.status,
      location: response.headers.get("location"),
      headers: response.headers,
      html,
      text: html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " "),
    };
  };
  return {
    cookies,
    get: (path, headers = {}) => ask(path, { headers }),
    send: (page, action, fields = {}) =>
      ask(action, {
        method: "POST",
        headers: { origin: app.env.config.publicUrl, "sec-fetch-site": "same-origin" },
        body: new URLSearchParams({ ...hiddenFields(page, action), ...fields }),
      }),
  };
}

/** Throws where the page has no such form. */
export function hiddenFields(page: Page, action: string): Record<string, string> {
  const form = page.html
    .split("<form ")
    .slice(1)
    .map((rest) => rest.split("</form>")[0] ?? "")
    .find((one) => one.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`no form for ${action} in: ${page.text}`);
  const fields: Record<string, string> = {};
  for (const [, name = "", value = ""] of form.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )) {
    fields[name] = value.replaceAll("&amp;", "&").replaceAll("&#39;", "'");
  }
  return fields;
}

export interface ReadMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The path of the link in it; empty where it has none. */
  readonly link: string;
  /** Six digits. */
  readonly code: string;
}

/** All mails so far, the newest first, once everything under way is done. */
export async function mails(app: TestApp): Promise<ReadMail[]> {
  await app.settle();
  return (await listDemoMails(app.env.db)).map(({ to, subject, text }) => ({
    to,
    subject,
    text,
    link: /https?:\/\/[^/\s]+(\/auth\/\S+)/.exec(text)?.[1] ?? "",
    code: /^(\d{3}) (\d{3})$/m.exec(text)?.slice(1).join("") ?? "",
  }));
}

export async function lastMail(app: TestApp): Promise<ReadMail> {
  const [mail] = await mails(app);
  if (!mail) throw new Error("there is no mail");
  return mail;
}

/** Has a mail sent from the sign-in page, as that browser. */
export async function askForMail(
  app: TestApp,
  browser: Visitor,
  email: string,
  next = "",
): Promise<ReadMail> {
  const page = await browser.get(`/login${next && `?next=${encodeURIComponent(next)}`}`);
  const sent = await browser.send(page, "/login", { email });
  if (sent.status !== 303) throw new Error(`${sent.status}: ${sent.text}`);
  return lastMail(app);
}

/** Signs a new browser in by the link of a mail. */
export async function signInByLink(app: TestApp, email: string): Promise<Visitor> {
  const browser = visitor(app);
  const { link } = await askForMail(app, browser, email);
  const page = await browser.get(link);
  const done = await browser.send(page, link);
  if (done.status !== 303) throw new Error(`${done.status}: ${done.text}`);
  return browser;
}

/** How many rows a table has. */
export async function count(env: Env, table: string, where = "1"): Promise<number> {
  const { rows } = await env.db.read({
    sql: `SELECT count(*) FROM ${table} WHERE ${where}`,
    params: [],
  });
  return Number(rows[0]?.[0]);
}
