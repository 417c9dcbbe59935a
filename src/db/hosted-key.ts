// The key of a stored Assertion: known to those who look one up without the query builder.

/** 52 bits of an award's hash, which a number holds exactly. */
const KEY_DIGITS = 13;

/** The first 52 bits of an award's hash. */
export function hostedKey(hash: string): number {
  return Number.parseInt(hash.slice(0, KEY_DIGITS), 16);
}

/**
 * The keys of many hashes as one JSON5 text, hexadecimal as they are: SQLite reads it sooner than
 * numbers can be made of them and written down again.
 */
export function hostedKeys(asked: readonly { readonly hash: string }[]): string {
  let text = "";
  for (const { hash } of asked) text += `${text === "" ? "[" : ","}0x${hash.slice(0, KEY_DIGITS)}`;
  return `${text}]`;
}
