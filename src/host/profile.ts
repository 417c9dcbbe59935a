// GET and POST /profile: who a person is, and addresses an app says are theirs too.
import { eq } from "drizzle-orm";
import type { LivingToken } from "../db/authorization-records.ts";
import { type Identity, users } from "../db/organizations.ts";
import { provenIdentities } from "../db/people.ts";
import { isEmail, normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { OPEN_BADGES_V2 } from "../obv2/context.ts";
import { Refusal, success } from "./envelope.ts";
import { readMembers } from "./json-body.ts";

/** Addresses that one call may suggest. */
export const MAX_SUGGESTED = 5;

/**
 * Has a mail sent to an address that says how to confirm it. Null when it is on its way, else when
 * the next one may be asked for, in milliseconds since 1970.
 */
export type AskToConfirm = (userId: string, email: string) => Promise<number | null>;

/** An OB 2.0 Profile with what the person has proven, and nothing else (OB21-F-01). */
export async function answerProfile(env: Env, token: LivingToken): Promise<Response> {
  const [[user], identities] = await Promise.all([
    env.db.orm.select({ name: users.name }).from(users).where(eq(users.id, token.userId)),
    provenIdentities(env.db, token.userId),
  ]);
  const of = (type: Identity["type"]) =>
    oneOrMany(identities.filter((one) => one.type === type).map(({ identity }) => identity));
  const profile = {
    "@context": OPEN_BADGES_V2,
    id: identities.find(({ type }) => type === "did")?.identity ?? `urn:uuid:${token.userId}`,
    type: "Profile",
    name: user?.name ?? undefined,
    email: of("email"),
    url: of("url"),
    telephone: of("telephone"),
  };
  return success({ profile });
}

/** Most readers expect one; undefined is left out of the document. */
function oneOrMany(values: readonly string[]): string | readonly string[] | undefined {
  return values.length > 1 ? values : values[0];
}

/**
 * Takes the identifiers to be added (OB21-F-02) and answers like GET: they count, and are seen, once
 * the person has confirmed them (OB21-F-03). What cannot be confirmed here is refused (OB21-F-04).
 */
export async function postProfile(
  env: Env,
  token: LivingToken,
  confirm: AskToConfirm,
  request: Request,
): Promise<Response> {
  const members = await readMembers(env, request);
  const { id } = members;
  if (typeof id !== "string" || id === "") throw invalid("id is required: a text.");
  if (!textsIn(members, "type").includes("Profile")) throw invalid("type must be Profile.");
  const known = await provenIdentities(env.db, token.userId);
  const isNew = (kind: Identity["type"]) => (text: string) =>
    !known.some((one) => one.type === kind && [one.identity, one.normalised].includes(text));
  const emails = textsIn(members, "email").map(normalisedEmail).filter(isNew("email"));
  for (const kind of ["url", "telephone"] as const) {
    if (textsIn(members, kind).some(isNew(kind))) throw unconfirmable(kind);
  }
  const wanted = [...new Set(emails)];
  if (wanted.length > MAX_SUGGESTED) {
    throw invalid(`At most ${MAX_SUGGESTED} addresses can be added at once.`);
  }
  if (!wanted.every(isEmail)) throw invalid("email must be an e-mail address.");
  for (const email of wanted) {
    const until = await confirm(token.userId, email);
    if (until !== null) throw tooMany(until - env.now());
  }
  return answerProfile(env, token);
}

/** A member that holds one text or several; null and empty lists are nothing (OB21-E-06). */
function textsIn(members: Readonly<Record<string, unknown>>, name: string): string[] {
  const value = members[name] ?? [];
  const values = Array.isArray(value) ? value : [value];
  return values.map((one: unknown) => {
    if (typeof one !== "string") throw invalid(`${name} must be a text, or a list of texts.`);
    return one.trim();
  });
}

function invalid(words: string): Refusal {
  return new Refusal(400, "REQUEST_VALIDATION_ERROR", words);
}

function unconfirmable(kind: string): Refusal {
  return new Refusal(400, "BAD_REQUEST", `There is no way to confirm a ${kind} here.`);
}

function tooMany(milliseconds: number): Refusal {
  const words =
    "Too many mails were asked for lately, to that address or by this person. Try again later.";
  return new Refusal(429, null, words, { "retry-after": String(Math.ceil(milliseconds / 1_000)) });
}
