// An organization with an administrator, a coordinator and a member, and another one that is none of their business.
import type { Organization } from "../../src/db/organizations.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenOrganization, givenPerson, type Person } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";

export interface DeskWorld extends TestApp {
  readonly organization: Organization;
  readonly foreign: Organization;
  readonly ada: Person;
  readonly cora: Person;
  readonly noor: Person;
  /** Administers the other organization. */
  readonly fritz: Person;
  /** Browsers in which they are signed in. */
  readonly as: Readonly<Record<"ada" | "cora" | "noor" | "fritz", SignedInBrowser>>;
}

export async function deskWorld(options: TestOptions = {}): Promise<DeskWorld> {
  const app = await testApp(options);
  const { env } = app;
  const organization = await givenOrganization(env, { name: "Northside Peer Mentors" });
  const foreign = await givenOrganization(env, { name: "Southside" });
  const roles = ["member", "organization_administrator"];
  const ada = await givenPerson(env, organization, { name: "Ada Quist", roles });
  const cora = await givenPerson(env, organization, {
    name: "Cora Lind",
    roles: ["member", "coordinator"],
  });
  const noor = await givenPerson(env, organization, { name: "Noor Haddad" });
  const fritz = await givenPerson(env, foreign, { name: "Fritz Baum", roles });
  const as = {
    ada: await signedIn(app, ada.user.id),
    cora: await signedIn(app, cora.user.id),
    noor: await signedIn(app, noor.user.id),
    fritz: await signedIn(app, fritz.user.id),
  };
  return { ...app, organization, foreign, ada, cora, noor, fritz, as };
}
