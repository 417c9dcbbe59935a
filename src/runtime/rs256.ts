// RS256 by Node's own signing, off the event loop, without what WebCrypto spends on every call.
import { createPrivateKey, sign } from "node:crypto";
import type { Rs256 } from "../env.ts";

export const rs256: Rs256 = (privateJwk) => {
  const key = createPrivateKey({ key: JSON.parse(privateJwk), format: "jwk" });
  return (bytes) =>
    new Promise((resolve, reject) => {
      sign("sha256", bytes, key, (error, signature) => {
        if (error) reject(error);
        else resolve(new Uint8Array(signature));
      });
    });
};
