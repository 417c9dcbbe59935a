// An organization with an administrator at a browser, and another organization with one of its own.
import type { Organization } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import type { TestApp } from "../app.ts";
import { givenOrganization, givenPerson, type Person } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";

export interface Administrating {
  readonly organization: Organization;
  readonly person: Person;
  readonly browser: SignedInBrowser;
}

export async function administrating(app: TestApp): Promise<Administrating> {
  const organization = await givenOrganization(app.env);
  const person = await givenPerson(app.env, organization, {
    name: "Ada Lovelace",
    roles: ["organization_administrator"],
  });
  return { organization, person, browser: await signedIn(app, person.user.id) };
}

export async function makeSiteAdministrator(env: Env, { user }: Person): Promise<void> {
  const sql = "UPDATE users SET is_site_administrator = 1 WHERE id = ?";
  await env.db.batch([{ sql, params: [user.id] }]);
}

/** What is read, without tags. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&amp;", "&")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replace(/\s+/g, " ");
}

/** The value of the first field of this name. */
export function fieldOf(html: string, name: string): string {
  const field = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0] ?? "";
  return /value="([^"]*)"/.exec(field)?.[1] ?? "";
}
