// All badges of a person as files: each in its picture, and its record beside it.
import type { Award } from "../db/awards.ts";
import { findPublicAward } from "../db/published.ts";
import { listAwardsOf } from "../db/theirs.ts";
import type { Env } from "../env.ts";
import { bakedFile } from "../issuer/baked-file.ts";
import { DEFAULT_WIDTH } from "../issuer/image-variants.ts";
import { hostedInside } from "../issuer/served-award.ts";
import { Problem } from "../problem.ts";
import type { ZipEntry } from "./zip.ts";

/** Awards read at a time. */
const SLICE = 50;

export interface TakeoutLimits {
  /** Awards of which there are files. */
  readonly awards: number;
  /** Of all files together. */
  readonly bytes: number;
}

/** Two files for each award, and the list of what is not in it: far within what an archive can hold. */
export const TAKEOUT: TakeoutLimits = { awards: 20_000, bytes: 3 * 1024 ** 3 };

export const LEFT_OUT_NAME = "not-included.txt";

/**
 * A picture with the award inside and the Assertion as JSON for every award that stands, expired and
 * hidden ones too, the last made first; one is made when the one before it was taken. Whatever there
 * is no room for, or whose picture cannot carry it, is named in a last file with its address.
 */
export async function* takeoutOf(
  env: Env,
  userId: string,
  limits: TakeoutLimits = TAKEOUT,
): AsyncGenerator<ZipEntry> {
  const leftOut: string[] = [];
  let count = 0;
  let bytes = 0;
  for await (const { unique_hash } of standingAwards(env, userId)) {
    const files =
      count < limits.awards && bytes < limits.bytes ? await filesOf(env, unique_hash) : null;
    if (files === null) {
      leftOut.push(env.urls.badgePage(unique_hash));
      continue;
    }
    count++;
    for (const file of files) {
      bytes += file.bytes.length;
      yield file;
    }
  }
  if (leftOut.length > 0) yield list(env, leftOut);
}

async function* standingAwards(env: Env, userId: string): AsyncGenerator<Award> {
  let cursor: string | undefined;
  do {
    const rows = await listAwardsOf(env.db, userId, { limit: SLICE, cursor });
    const page = rows.slice(0, SLICE);
    for (const award of page) {
      const stands = award.revoked_at === null && award.superseded_by === null;
      if (stands && award.claim_state !== "declined") yield award;
    }
    cursor = rows.length > SLICE ? page.at(-1)?.id : undefined;
  } while (cursor !== undefined);
}

/** Null for what was revoked or removed meanwhile, and for what no picture can carry. */
async function filesOf(env: Env, hash: string): Promise<readonly ZipEntry[] | null> {
  const found = await findPublicAward(env.db, hash, DEFAULT_WIDTH);
  if (found === null || found.award.revoked_at !== null) return null;
  const at = found.award.awarded_at;
  try {
    const picture = await bakedFile(env, found);
    const { payload } = await hostedInside(env, found, false);
    const json = "json" in payload ? payload.json : "";
    const stem = picture.name.replace(/\.[a-z]+$/, "");
    return [
      { name: picture.name, bytes: picture.bytes, at },
      { name: `${stem}.json`, bytes: new TextEncoder().encode(json), at },
    ];
  } catch (error) {
    if (error instanceof Problem && error.code === "internal-error") return null;
    throw error;
  }
}

function list(env: Env, addresses: readonly string[]): ZipEntry {
  const bytes = new TextEncoder().encode(`${addresses.join("\n")}\n`);
  return { name: LEFT_OUT_NAME, bytes, at: env.now() };
}
