// Whom an award is made out to: a member by id, or whoever an identity stands for.
import type { Writable } from "../db/database.ts";
import type { Identity } from "../db/organizations.ts";
import { findMember, findMemberByIdentity, findProvenHolder } from "../db/people.ts";
import type { Env } from "../env.ts";
import type { FaultCode } from "../fault-codes.ts";
import { Problem } from "../problem.ts";
import type { Actor } from "./audit.ts";
import { findOrCreatePerson, normalised, type PersonInput } from "./person.ts";

/** One of the two; `user` is the one that counts where both are given. */
export interface RecipientInput {
  /** A member's user id. */
  readonly user?: string | undefined;
  readonly recipient?: PersonInput | undefined;
  /** Who was found before, for one award after the other to the same person. */
  readonly known?: Recipient | undefined;
}

export interface Recipient {
  readonly userId: string;
  /** What the award is made out to. */
  readonly identity: Pick<Identity, "id" | "type" | "normalised">;
  /** The organization's own name for the person. */
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly isActive: boolean;
  /** Becomes a member by this award; `writes` make them one. */
  readonly isNew: boolean;
  readonly writes: readonly Writable[];
  /** Of the member in the request that named the person. */
  readonly pointer: "/user" | "/recipient";
}

/** Throws an `invalid-request` Problem where no person is named, or one who is not known here. */
export async function recipientOf(
  env: Env,
  organizationId: string,
  { user, recipient, known }: RecipientInput,
  actor: Actor,
): Promise<Recipient> {
  if (known !== undefined) return known;
  if (user !== undefined) return memberById(env, organizationId, user);
  if (recipient !== undefined) return personByIdentity(env, organizationId, recipient, actor);
  throw fault(
    "/recipient",
    "recipient_or_user",
    "Whom to award is not said.",
    "Give recipient, or user.",
  );
}

/** The user id of the member whom a request names; null for somebody new, and where nobody is named. */
export async function memberNamed(
  env: Pick<Env, "db">,
  organizationId: string,
  { user, recipient }: RecipientInput,
): Promise<string | null> {
  if (user !== undefined || recipient === undefined) return user ?? null;
  const { type } = recipient;
  const known = await findMemberByIdentity(env.db, organizationId, type, normalised(recipient));
  return known?.user.id ?? null;
}

/**
 * The user id of whom an award is about to be made out to: the member who is named, else the account
 * that has proven the identity and is no member yet; null for somebody new.
 */
export async function awardeeNamed(
  env: Pick<Env, "db">,
  organizationId: string,
  input: RecipientInput,
): Promise<string | null> {
  const member = await memberNamed(env, organizationId, input);
  if (member !== null || input.recipient === undefined) return member;
  const { recipient } = input;
  const holder = await findProvenHolder(env.db, recipient.type, normalised(recipient));
  return holder?.user.id ?? null;
}

async function personByIdentity(
  env: Env,
  organizationId: string,
  input: PersonInput,
  actor: Actor,
): Promise<Recipient> {
  const found = await findOrCreatePerson(env, organizationId, input, actor);
  return {
    userId: found.user.id,
    identity: found.identity,
    name: found.membership.name ?? input.name ?? null,
    roles: found.membership.roles,
    isActive: found.user.status === "active" && found.membership.status === "active",
    isNew: found.writes.length > 0,
    writes: found.writes,
    pointer: "/recipient",
  };
}

async function memberById(env: Env, organizationId: string, userId: string): Promise<Recipient> {
  const member = await findMember(env.db, organizationId, userId);
  if (member === null) {
    throw fault(
      "/user",
      "user_id_must_exist",
      "This organization has no user with this id.",
      "Give the id of a user that GET /api/v1/users lists, or a recipient.",
    );
  }
  const { user, membership } = member;
  const identity = preferred(member.identities);
  if (identity === null) {
    throw fault(
      "/user",
      "user_has_identity",
      "Nothing is known that an award to this person could be made out to.",
      "Add an e-mail address with POST /api/v1/users/{id}/identities first.",
    );
  }
  return {
    userId: user.id,
    identity,
    name: membership.name,
    roles: membership.roles,
    isActive: user.status === "active" && membership.status === "active",
    isNew: false,
    writes: [],
    pointer: "/user",
  };
}

/** E-mail before others, since every backpack knows it; then proven before claimed; then the oldest. */
function preferred(identities: readonly Identity[]): Identity | null {
  const rank = ({ type, verified_at }: Identity) =>
    (type === "email" ? 0 : 2) + (verified_at === null ? 1 : 0);
  return [...identities].sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

function fault(pointer: string, code: FaultCode, detail: string, fix: string): Problem {
  return new Problem("invalid-request", detail, { errors: [{ pointer, code, detail, fix }] });
}
