// A badge that was awarded here and is sent back: it is told from the awards themselves, nothing is fetched or kept twice.
import { findPublicAward } from "../db/published.ts";
import { isTheirs } from "../db/theirs.ts";
import type { Env } from "../env.ts";
import { isHash } from "../ids.ts";
import { Refusal } from "./envelope.ts";

const NO_WIDTH = 0;

/**
 * `elsewhere` for a badge of another site. Null for an award of this person that stands, which is
 * in their list already; else the refusal.
 */
export async function ownAward(
  env: Env,
  userId: string,
  posted: string | object,
): Promise<"elsewhere" | Refusal | null> {
  const hash = hashIn(env, idOf(posted));
  if (hash === null) return "elsewhere";
  const found = isHash(hash) ? await findPublicAward(env.db, hash, NO_WIDTH) : null;
  if (found === null) return new Refusal(400, "INVALID_BADGE", "No such badge was awarded here.");
  if (!(await isTheirs(env.db, userId, found.award.id))) {
    const words = "The badge was not made out to an address that this person has confirmed here.";
    return new Refusal(400, "RECIPIENT_PROFILE_MISMATCH", words);
  }
  if (found.award.revoked_at !== null) {
    return new Refusal(400, "INVALID_BADGE", "The badge was revoked by its issuer.");
  }
  return null;
}

/** Null for the address of another site. */
function hashIn({ urls }: Env, id: string | null): string | null {
  const prefix = urls.assertion("");
  return id?.startsWith(prefix) ? id.slice(prefix.length) : null;
}

/** What it calls itself; a signature is not looked at, since nothing is believed but the id. */
function idOf(posted: string | object): string | null {
  const document: unknown = typeof posted === "string" ? payloadOf(posted) : posted;
  if (typeof document !== "object" || document === null || !("id" in document)) return null;
  return typeof document.id === "string" ? document.id : null;
}

function payloadOf(jws: string): unknown {
  const payload = jws.split(".")[1] ?? "";
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
