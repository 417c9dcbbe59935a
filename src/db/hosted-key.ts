// The key of a stored Assertion: known to those who look one up without the query builder.

/** The first 52 bits of an award's hash, which a number holds exactly. */
export function hostedKey(hash: string): number {
  return Number.parseInt(hash.slice(0, 13), 16);
}
