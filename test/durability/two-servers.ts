// Two processes that serve one installation, and the people who use either in a browser.
import { onTestFinished } from "vitest";
import { openHere } from "../../src/cli/here.ts";
import { type Organization, organizations } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import type { Server } from "../setup/process.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import { givenInstallation, type Installation } from "./issuing.ts";

export interface TwoServers {
  readonly installation: Installation;
  readonly servers: readonly [Server, Server];
  /** Beside the processes, over the same file. */
  readonly env: Env;
  readonly organization: Organization;
  /** Any server answers for any session: it is a row. */
  signedInAt(server: Server, userId: string): Promise<SignedInBrowser>;
}

export async function givenTwoServers(): Promise<TwoServers> {
  const installation = await givenInstallation();
  const servers = [await installation.serve(), await installation.serve()] as const;
  const { env, close } = await openHere(installation.variables);
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await close();
  });
  const [organization] = await env.db.orm.select().from(organizations);
  if (organization === undefined) throw new Error("there is no organization");
  const signedInAt = ({ origin }: Server, userId: string) => {
    const request = (path: string, init?: RequestInit) =>
      fetch(`${origin}${path}`, { ...init, redirect: "manual" });
    return signedIn({ env, request }, userId);
  };
  return { installation, servers, env, organization, signedInAt };
}
