// An organization with an administrator at their desk, a coordinator, a member, and somebody of another organization.
import type { Organization } from "../../src/db/organizations.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenOrganization, givenPerson, type Person } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";

export interface BadgeWorld {
  readonly app: TestApp;
  readonly env: TestApp["env"];
  readonly organization: Organization;
  readonly administrator: Person;
  readonly desk: SignedInBrowser;
  /** Sends the fields of a form, several values of one name as a list. */
  post(path: string, fields?: Fields): Promise<Response>;
}

export type Fields = Readonly<Record<string, string | readonly string[] | File>>;

export async function badgeWorld(options: TestOptions = {}): Promise<BadgeWorld> {
  const app = await testApp(options);
  const { env } = app;
  const organization = await givenOrganization(env);
  const administrator = await givenPerson(env, organization, {
    name: "Ada Okafor",
    roles: ["organization_administrator"],
  });
  const desk = await signedIn(app, administrator.user.id);
  return {
    app,
    env,
    organization,
    administrator,
    desk,
    post(path, fields = {}) {
      const body = new FormData();
      body.set("form_token", desk.formToken);
      body.set("organization", organization.id);
      for (const [name, value] of Object.entries(fields)) {
        if (value instanceof File) body.set(name, value);
        else for (const one of [value].flat()) body.append(name, one);
      }
      return app.request(path, {
        method: "POST",
        headers: { accept: "text/html", cookie: desk.cookie, origin: env.config.publicUrl },
        body,
      });
    },
  };
}

/** Fields of every form, and the one that a page cannot fill in. */
const UNTYPED = ["form_token", "once", "organization", "file"];

/** What a browser would send of a page's form: every field with the value it was shown with. */
export function fieldsOf(page: string): Record<string, string | string[]> {
  const form = page.slice(page.indexOf('class="editor"'));
  const fields: Record<string, string | string[]> = {};
  const add = (name: string, value: string) => {
    const known = fields[name];
    fields[name] = known === undefined ? value : [known, value].flat();
  };
  const attribute = (tag: string, name: string) =>
    decoded(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
  const tags = /<input\b[^>]*>|<textarea\b[^>]*>[^<]*<\/textarea>|<select\b[^>]*>.*?<\/select>/gs;
  for (const [tag] of form.matchAll(tags)) {
    const name = attribute(tag, "name");
    if (name === "" || UNTYPED.includes(name)) continue;
    if (tag.startsWith("<textarea")) {
      add(name, decoded(/>([^<]*)</.exec(tag)?.[1] ?? "").replaceAll("\n", "\r\n"));
    } else if (tag.startsWith("<select")) {
      const chosen = /<option[^>]*\sselected[^>]*>/.exec(tag)?.[0];
      add(name, attribute(chosen ?? /<option[^>]*>/.exec(tag)?.[0] ?? "", "value"));
    } else if (!/type="(radio|checkbox)"/.test(tag) || /\schecked/.test(tag)) {
      add(name, attribute(tag, "value"));
    }
  }
  return fields;
}

function decoded(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
