// The demo's own ways in: for a person at this machine, in demo mode, and for nobody else.
import { and, asc, eq, isNotNull, like, or, sql } from "drizzle-orm";
import { isLocalDemo } from "../config.ts";
import { identities, type User, users } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { isLoopbackHost } from "../net/public-url.ts";

/** A proxy that lets strangers in says so, even one that hides the name it was asked by. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

interface Caller {
  readonly request: Request;
  /** The address at the other end of its connection; null where there is none. */
  readonly from: string | null;
}

/**
 * Whether a request may use what signs in without proof: only in demo mode, at a local address, from
 * a browser that calls this machine by a name of its own, over a connection that begins on it: a name
 * is only what the caller says. A server that somebody put on the Internet with its default settings,
 * or has listen to a whole network, is not open by it.
 */
export function isDemoVisitor({ config }: Pick<Env, "config">, { request, from }: Caller): boolean {
  return (
    isLocalDemo(config) &&
    (from === null || isLoopbackHost(from.replace(/^::ffff:/i, ""))) &&
    isLoopbackHost(new URL(request.url).hostname) &&
    PROXY_HEADERS.every((name) => request.headers.get(name) === null)
  );
}

/** Where this visitor finds what would have been sent; null where mails are sent, or are not for them. */
export function mailboxFor(env: Pick<Env, "config">, caller: Caller): string | null {
  return env.config.smtp === null && isDemoVisitor(env, caller) ? "/dev/mail" : null;
}

const NAME = /^[a-z]{1,32}$/;
/** Nobody real has an address there: RFC 2606, sections 2 and 3. */
const MADE_UP = ["%.example", "%@example.org", "%@example.com"];

/** A person of the demo by what stands before the @ of their address; null where there is none. */
export async function findDemoPerson(
  env: Pick<Env, "db">,
  name: string,
): Promise<{ user: User; email: string } | null> {
  if (!NAME.test(name)) return null;
  const rows = await env.db.orm
    .select({ user: users, email: identities.identity })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.user_id))
    .where(
      and(
        eq(identities.type, "email"),
        sql`substr(${identities.normalised}, 1, ${name.length + 1}) = ${`${name}@`}`,
        or(...MADE_UP.map((pattern) => like(identities.normalised, pattern))),
        isNotNull(identities.verified_at),
        eq(users.status, "active"),
      ),
    )
    .orderBy(asc(identities.verified_at), asc(identities.id))
    .limit(1);
  return rows[0] ?? null;
}

/** Whom the sign-in page of the demo offers to be: a recipient, a coordinator, an administrator. */
const OFFERED = ["noor", "cora", "ada"];

export interface DemoDoor {
  readonly name: string;
  readonly href: string;
}

/** Links that sign in as people of the demo and go on to `next`; none anywhere else. */
export async function doorsFor(
  env: Env,
  caller: Caller,
  next: string | null,
): Promise<readonly DemoDoor[]> {
  if (!isDemoVisitor(env, caller)) return [];
  const on = next === null ? "" : `?next=${encodeURIComponent(next)}`;
  const people = await Promise.all(OFFERED.map((name) => findDemoPerson(env, name)));
  return people.flatMap((person, i) =>
    person === null
      ? []
      : [{ name: person.user.name ?? person.email, href: `/dev/as/${OFFERED[i]}${on}` }],
  );
}
