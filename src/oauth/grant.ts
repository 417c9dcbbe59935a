// What a token endpoint granted, judged and sealed.
import {
  OperationProcessingError,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
} from "oauth4webapi";
import type { Token } from "../db/backpacks.ts";
import type { Env } from "../env.ts";
import { type Place, seal, unseal } from "../seal.ts";
import { answerOf } from "./answer.ts";
import { type Client, type Protocol, packClient, unpackClient } from "./client.ts";
import { scopesIn } from "./scopes.ts";

export interface Granted {
  readonly accessToken: string;
  /** Null where the host gave none. */
  readonly refreshToken: string | null;
  /** Milliseconds since 1970; null where the host did not say. */
  readonly expiresAt: number | null;
  /** Null where the host did not say: what was asked for, or what it was before. */
  readonly scopes: readonly string[] | null;
}

export const MAX_TOKEN_LENGTH = 16_384;
/** RFC 6749, appendices A.12 and A.17; anything else could not stand in a header. */
const TOKEN = /^[\x21-\x7e]+$/;
/** Times beyond say nothing. */
const LONGEST_LIFE_S = 10 * 365 * 86_400;

/**
 * Reads the answer to a request for a token (RFC 6749, section 5.1). `asked` is when the request was
 * sent, from where its lifetime is counted. Rejects with errors that `faultOf` reads.
 */
export async function readGranted(
  { endpoints, client }: Protocol,
  response: Response,
  grant: "code" | "refresh",
  asked: number,
): Promise<Granted> {
  // Who somebody is was not asked, so an ID token is nothing to be judged.
  const answer = await answerOf(response, { statusOfSuccess: 200, without: ["id_token"] });
  const judge = grant === "code" ? processAuthorizationCodeResponse : processRefreshTokenResponse;
  const told = await judge(endpoints, client, answer);
  const { access_token: accessToken, refresh_token: refreshToken = null } = told;
  if (told.token_type !== "bearer") throw unusable("token_type");
  if (!isToken(accessToken)) throw unusable("access_token");
  if (refreshToken !== null && !isToken(refreshToken)) throw unusable("refresh_token");
  const life = Math.min(told.expires_in ?? 0, LONGEST_LIFE_S);
  return {
    accessToken,
    refreshToken,
    // Zero seconds is how some hosts say that they do not know.
    expiresAt: life > 0 ? Math.floor(asked + life * 1_000) : null,
    scopes: told.scope === undefined ? null : scopesIn(told.scope),
  };
}

function unusable(member: string): OperationProcessingError {
  return new OperationProcessingError(`the answer's ${member} cannot be used`);
}

/** Whether a text can be sent as a bearer token (RFC 6750, section 2.1). */
export function isToken(text: string): boolean {
  return text.length <= MAX_TOKEN_LENGTH && TOKEN.test(text);
}

/** What is held for using a grant, and what it was made with, which belongs to it. */
export interface HeldAccess {
  readonly accessToken: string;
  readonly client: Client;
  /** It was made because the one before was rejected while it should have been good. */
  readonly afterRejection: boolean;
  /** Sealed under a secret of before: to be sealed again. */
  readonly outdated: boolean;
}

/** A grant as it is held, whole. */
export interface Held extends HeldAccess {
  readonly refreshToken: string | null;
}

const place = (row: string, column: "token" | "refresh_token"): Place => ({
  table: "badge_backpack_oauth2s",
  row,
  column,
});

/** The two sealed columns of a token's row. */
export async function sealHeld(
  env: Pick<Env, "config">,
  tokenId: string,
  held: Omit<Held, "outdated">,
): Promise<Pick<Token, "token" | "refresh_token">> {
  const { accessToken, refreshToken, client, afterRejection } = held;
  const packed = { access: accessToken, client: packClient(client), rejected: afterRejection };
  return {
    token: await seal(env.config, place(tokenId, "token"), JSON.stringify(packed)),
    refresh_token:
      refreshToken === null
        ? ""
        : await seal(env.config, place(tokenId, "refresh_token"), refreshToken),
  };
}

interface Packed {
  readonly access: string;
  readonly client: Readonly<Record<string, string | null>>;
  readonly rejected: boolean;
}

/** What a request needs, and no more is opened. Throws SealError for what was not sealed in this row. */
export async function unsealAccess(
  env: Pick<Env, "config">,
  row: Pick<Token, "id" | "token">,
): Promise<HeldAccess> {
  const { text, outdated } = await unseal(env.config, place(row.id, "token"), row.token);
  const { access, client, rejected } = JSON.parse(text) as Packed;
  return {
    accessToken: access,
    client: unpackClient(client),
    afterRejection: rejected,
    outdated,
  };
}

/** Throws SealError for what was not sealed in this row. */
export async function unsealHeld(
  env: Pick<Env, "config">,
  row: Pick<Token, "id" | "token" | "refresh_token">,
): Promise<Held> {
  const access = await unsealAccess(env, row);
  if (row.refresh_token === "") return { ...access, refreshToken: null };
  const refresh = await unseal(env.config, place(row.id, "refresh_token"), row.refresh_token);
  return { ...access, refreshToken: refresh.text };
}
