// What Node and undici call the failures of a request, in the codes of a dial.
import { errors } from "undici";
import { DialFailure, type DialFailureCode } from "../net/dial.ts";

const CODES: Readonly<Record<string, DialFailureCode>> = {
  UND_ERR_HEADERS_OVERFLOW: "headers-too-large",
  HPE_HEADER_OVERFLOW: "headers-too-large",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "truncated",
  HPE_INVALID_EOF_STATE: "truncated",
  Z_BUF_ERROR: "truncated",
  ECONNREFUSED: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ETIMEDOUT: "unreachable",
  UND_ERR_CONNECT_TIMEOUT: "unreachable",
  EPROTO: "tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
  SELF_SIGNED_CERT_IN_CHAIN: "tls",
  UNABLE_TO_GET_ISSUER_CERT: "tls",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls",
  HOSTNAME_MISMATCH: "tls",
  INVALID_CA: "tls",
  INVALID_PURPOSE: "tls",
};

const FAMILIES: readonly (readonly [prefix: RegExp, code: DialFailureCode])[] = [
  [/^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_)/, "tls"],
  [/^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING)/, "bad-encoding"],
];

/** `otherwise` is what a failure means at the point it happened, where its code says no more. */
export function toDialFailure(error: unknown, otherwise: DialFailureCode): DialFailure {
  if (error instanceof DialFailure) return error;
  const code = codeOf(error);
  const family = FAMILIES.find(([prefix]) => prefix.test(code));
  // The parser gives no code to most of what it meets.
  const unparsed = error instanceof errors.HTTPParserError ? "bad-answer" : otherwise;
  return new DialFailure(CODES[code] ?? family?.[1] ?? unparsed, { cause: error });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
