// `rosette verify --check-receipt`: whether a receipt is genuine, and what it says; no badge is asked for.
import { listTrustedKeys } from "../db/signing-keys.ts";
import { openPublicFetch } from "../runtime/public-fetch.ts";
import { checkReceipt, type Jwks, type ReceiptClaims, readJwks } from "../verify/receipt.ts";
import { readInput } from "./files.ts";
import { columns } from "./out.ts";
import { printable } from "./printable.ts";
import { type Call, Failure } from "./verb.ts";
import { openInstallation, settingsHere } from "./verifier.ts";

const GENUINE = 0;
const NOT_GENUINE = 5;

/** Throws a Failure where the receipt or the keys cannot be read. */
export async function checkReceiptFile(call: Call, file: string): Promise<number> {
  const { out } = call;
  const text = new TextDecoder().decode(readInput(file));
  const checked = await checkReceipt(text, await keysFor(call));
  out.document(
    checked.ok
      ? { genuine: true, claims: checked.claims }
      : { genuine: false, reason: checked.reason, detail: checked.detail },
  );
  if (!checked.ok) {
    out.line(`✘ not genuine: ${checked.detail}`);
    return NOT_GENUINE;
  }
  out.line("✔ genuine: signed by a key of the set, and unchanged since.");
  for (const line of columns(said(checked.claims))) out.line(line);
  return GENUINE;
}

function said({ iss, iat, verdict, words, checked_at, badge, input }: ReceiptClaims): string[][] {
  return [
    ["  Made by", iss],
    ["  Signed", new Date(iat * 1000).toISOString()],
    ["  Checked", checked_at],
    ["  Verdict", `${verdict}: ${words}`],
    ["  Badge", badge?.name],
    ["  Issuer", badge?.issuer?.name],
    ["  Record", badge?.id ?? input.url],
  ].flatMap(([name, value]) => (name && value ? [[name, printable(String(value))]] : []));
}

async function keysFor({ options, variables }: Call): Promise<Jwks> {
  const named = options.text("jwks");
  if (named === undefined) {
    const { env, close } = await openInstallation(variables);
    try {
      const keys = await listTrustedKeys(env.db, "all");
      return { keys: keys.map(({ id, public_jwk }) => ({ ...public_jwk, kid: id })) };
    } finally {
      await close();
    }
  }
  const text = /^https?:\/\//i.test(named)
    ? await fetched(variables, named)
    : new TextDecoder().decode(readInput(named));
  const jwks = readJwks(text);
  if (jwks === null) throw new Failure(`${named} is no JWK Set.`);
  return jwks;
}

async function fetched(variables: Call["variables"], url: string): Promise<string> {
  const { publicFetch, close } = openPublicFetch(await settingsHere(variables));
  try {
    const answer = await publicFetch(url, {
      accept: "application/jwk-set+json, application/json",
    });
    if (!answer.ok) throw new Failure(`${url} could not be read: ${answer.detail}`);
    if (answer.status !== 200) throw new Failure(`${url} answered HTTP ${answer.status}.`);
    return new TextDecoder().decode(answer.bytes);
  } finally {
    await close();
  }
}
