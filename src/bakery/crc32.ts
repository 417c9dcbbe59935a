// CRC-32 as PNG chunks carry it, eight octets a step (PNG third edition, annex D).

const POLYNOMIAL = 0xedb88320;
const SLICES = 8;

/** Eight tables in a row: entry 256 k + n is the CRC of octet n followed by k zero octets. */
const table = new Int32Array(256 * SLICES);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1;
  table[n] = c;
}
for (let n = 256; n < table.length; n++) {
  const previous = table[n - 256] as number;
  table[n] = (previous >>> 8) ^ (table[previous & 255] as number);
}

/**
 * The CRC-32 of `bytes[start..end)`, unsigned.
 *
 * @see PNG third edition, section 5.5; ISO 3309
 */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let c = -1;
  let p = start;
  for (const last = end - SLICES; p <= last; p += SLICES) {
    const low = c ^ view.getInt32(p, true);
    const high = view.getInt32(p + 4, true);
    c =
      (table[1792 + (low & 255)] as number) ^
      (table[1536 + ((low >>> 8) & 255)] as number) ^
      (table[1280 + ((low >>> 16) & 255)] as number) ^
      (table[1024 + (low >>> 24)] as number) ^
      (table[768 + (high & 255)] as number) ^
      (table[512 + ((high >>> 8) & 255)] as number) ^
      (table[256 + ((high >>> 16) & 255)] as number) ^
      (table[high >>> 24] as number);
  }
  for (; p < end; p++) c = (c >>> 8) ^ (table[(c ^ view.getUint8(p)) & 255] as number);
  return ~c >>> 0;
}
