// Claim codes: made, given by the organization, read as people type them, and revoked.
import { eq, sql } from "drizzle-orm";
import type { AwardableBadge } from "../db/badges.ts";
import { type ClaimCode, claimCodes } from "../db/claim-codes.ts";
import type { Env } from "../env.ts";
import { newId, sha256Hex } from "../ids.ts";
import { Problem } from "../problem.ts";
import { type Actor, audited } from "./audit.ts";
import { refuse } from "./award-rules.ts";
import type { Decision } from "./badge.ts";

/** Digits and letters that are not mistaken for one another: none of I, L, O and U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Twelve of 32 characters: 60 random bits. */
const LENGTH = 12;
const GROUP = 4;
const HINT_LENGTH = 4;
/** Of a code that an organization chooses: letters and digits. */
export const MIN_CHOSEN_LENGTH = 8;

export interface NewClaimCode {
  readonly label: string;
  /** Null means without limit. */
  readonly max_claims: number | null;
  /** Milliseconds since 1970; null for never. */
  readonly expires_at: number | null;
  /** Chosen by the organization; made here unless given. */
  readonly code: string | null;
}

export interface MadeClaimCode {
  readonly row: ClaimCode;
  /** To be shown once: only its hash is kept. */
  readonly code: string;
}

/** What a typed code is compared by: without case, blanks and hyphens, and O as 0, I and L as 1. */
export function plainCode(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
}

/** What is stored of a code. */
export function claimCodeHash(text: string): Promise<string> {
  return sha256Hex(plainCode(text));
}

function made(env: Env): string {
  const drawn = Array.from(env.random(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return (drawn.match(new RegExp(`.{${GROUP}}`, "g")) ?? []).join("-");
}

/**
 * A code for a badge of the organization. Throws a Problem: `badge-archived`, `invalid-request`. That
 * a chosen code is free is checked by the unique index when `writes` run.
 */
export async function createClaimCode(
  env: Env,
  { badge, tierLevels }: Pick<AwardableBadge, "badge" | "tierLevels">,
  input: NewClaimCode,
  actor: Actor,
): Promise<Decision<MadeClaimCode>> {
  if (badge.status === "archived") {
    throw new Problem("badge-archived", "An archived badge cannot be claimed.");
  }
  if (tierLevels.length > 0) {
    refuse({
      parameter: "id",
      code: "claim_code_without_tiers",
      detail: "The badge has tiers, and a claim code cannot say which.",
      fix: "Award it, or make the code for a badge without tiers.",
    });
  }
  const now = env.now();
  if (input.expires_at !== null && input.expires_at <= now) {
    refuse({
      pointer: "/expires_at",
      code: "expires_at_in_future",
      detail: "This time has passed: the code could never be used.",
      fix: "Give a later time, or leave it out.",
    });
  }
  const code = input.code ?? made(env);
  const row: ClaimCode = {
    id: newId(env),
    organization_id: badge.organization_id,
    badge_id: badge.id,
    code_hash: await claimCodeHash(code),
    hint: plainCode(code).slice(-HINT_LENGTH),
    label: input.label,
    max_claims: input.max_claims,
    claims: 0,
    expires_at: input.expires_at,
    revoked_at: null,
    created_by_id: actor.kind === "user" ? actor.id : null,
    created_at: now,
  };
  const entry = audited(env, {
    organizationId: row.organization_id,
    actor,
    action: "claim_code.created",
    object: ["claim_code", row.id],
    detail: { badge: badge.id },
  });
  return {
    result: { row, code },
    writes: [entry, env.db.orm.insert(claimCodes).values(row)],
  };
}

/** Nobody claims with it any more; what was claimed stays. Revoked twice is revoked once. */
export function revokeClaimCode(env: Env, row: ClaimCode, actor: Actor): Decision<ClaimCode> {
  if (row.revoked_at !== null) return { result: row, writes: [] };
  const revoked_at = env.now();
  return {
    result: { ...row, revoked_at },
    writes: [
      audited(env, {
        organizationId: row.organization_id,
        actor,
        action: "claim_code.revoked",
        object: ["claim_code", row.id],
        provided: sql`exists (select 1 from ${claimCodes} where ${claimCodes.id} = ${row.id}
          and ${claimCodes.revoked_at} is null)`,
      }),
      env.db.orm.update(claimCodes).set({ revoked_at }).where(eq(claimCodes.id, row.id)),
    ],
  };
}

export const CODE_STATES = ["open", "revoked", "expired", "used_up"] as const;
export type CodeState = (typeof CODE_STATES)[number];

/** Whether a code can be used at a time, in milliseconds since 1970; else the first reason why not. */
export function stateOfCode(
  row: Pick<ClaimCode, "revoked_at" | "expires_at" | "max_claims" | "claims">,
  now: number,
): CodeState {
  if (row.revoked_at !== null) return "revoked";
  if (row.expires_at !== null && row.expires_at <= now) return "expired";
  return row.max_claims !== null && row.claims >= row.max_claims ? "used_up" : "open";
}
