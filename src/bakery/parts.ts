// A file as a list of parts: what a splice answers, so that nobody copies what nobody changed.

/** Copies parts into one array. `length` is their sum, if it is known already. */
export function joinParts(
  parts: readonly Uint8Array[],
  length = parts.reduce((sum, part) => sum + part.length, 0),
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** `bytes` without the ranges in `cuts`, as views of it. Cuts are in order and do not overlap. */
export function without(
  bytes: Uint8Array,
  from: number,
  cuts: readonly { start: number; end: number }[],
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = from;
  for (const { start, end } of cuts) {
    if (start > at) parts.push(bytes.subarray(at, start));
    at = end;
  }
  if (at < bytes.length) parts.push(bytes.subarray(at));
  return parts;
}
