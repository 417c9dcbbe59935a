// How close issuing a signed badge comes to the RSA signature alone, several in flight at once.
import { createPrivateKey, sign } from "node:crypto";
import { promisify } from "node:util";
import { CompactSign, importJWK } from "jose";
import { makeRsaKey, webCryptoRs256 } from "../src/issuer/rsa-key.ts";
import type { AssertionFields } from "../src/obv2/assertion.ts";
import { compactJws, signableAssertion, signedAssertion } from "../src/obv2/signed.ts";
import { rs256 } from "../src/runtime/rs256.ts";
import { urls } from "../src/urls.ts";
import { measure, type Row, table } from "./measure.ts";

/** As many as keep the threads busy that Node signs on, and some waiting. */
const IN_FLIGHT = 8;

const URLS = urls("https://badges.example.org");
const OPTIONS = { urls: URLS, bakedImage: "png" } as const;
const KEY_ID = "0190f3b2-7c55-7d10-9a3e-5b1f0c2a9be1";

/** As large as one with evidence and a narrative: about 1.5 KB. */
const AWARD: AssertionFields = {
  unique_hash: "4f0c2a9be1d3476c8f5ab0de91237c64f5ab0de9",
  badge_id: "0190f3b2-7c55-7d10-9a3e-5b1f0c2a9be2",
  awarded_at: Date.UTC(2026, 10, 1, 9, 30),
  date_expire: null,
  recipient_type: "email",
  recipient_identity: "kim@example.org",
  recipient_salt: "00112233445566778899aabbccddeeff",
  narrative: "Led the workshop, wrote it up, and helped others to do the same. ".repeat(12),
  evidence: [{ id: "https://northside.example/notes/kim", name: "Coordinator’s note" }],
};

/** How many each lane does before all lanes are waited for: a server waits for none. */
const IN_A_ROW = 16;

type Operation = () => Promise<unknown>;

/** So many lanes at once, each starting its next operation when its last one is done. */
function together(one: Operation): Operation {
  const lane = async () => {
    for (let i = 0; i < IN_A_ROW; i++) await one();
  };
  return () => Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/** Measures all of it; takes about a quarter of a minute. */
export async function signBench(): Promise<Row[]> {
  const { privateJwk } = await makeRsaKey();
  const key = await importJWK(JSON.parse(privateJwk), "RS256");
  const keyObject = createPrivateKey({ key: JSON.parse(privateJwk), format: "jwk" });
  const signer = { keyId: KEY_ID, sign: rs256(privateJwk) };
  const onWorkers = { keyId: KEY_ID, sign: await webCryptoRs256(privateJwk) };
  const payload = JSON.stringify(await signableAssertion(AWARD, OPTIONS, KEY_ID));
  const bytes = new TextEncoder().encode(payload);
  const jws = await compactJws(payload, signer);
  const input = Buffer.from(jws.slice(0, jws.lastIndexOf(".")));
  const bare = promisify(sign);
  const library = () =>
    new CompactSign(bytes).setProtectedHeader({ alg: "RS256", kid: KEY_ID }).sign(key);
  const rows = await measure(
    {
      name: "RSA signature (crypto.sign, key object)",
      run: together(() => bare("sha256", input, keyObject)),
    },
    [
      {
        name: "signed badge from its award",
        run: together(() => signedAssertion(AWARD, OPTIONS, signer)),
        target: 0.9,
        note: "the document and its serialisation included",
      },
      {
        name: "JWS of a ready text",
        run: together(() => compactJws(payload, signer)),
        target: 0.9,
      },
      {
        name: "signed badge from its award (WebCrypto)",
        run: together(() => signedAssertion(AWARD, OPTIONS, onWorkers)),
        note: "as where there is nothing else",
      },
      { name: "JWS of a ready text (jose)", run: together(library) },
    ],
    { roundMs: 250 },
  );
  return rows.map((row) => ({
    ...row,
    ops: row.ops * IN_FLIGHT * IN_A_ROW,
    min: row.min * IN_FLIGHT * IN_A_ROW,
    max: row.max * IN_FLIGHT * IN_A_ROW,
  }));
}

if (import.meta.main) console.log(table(await signBench()));
