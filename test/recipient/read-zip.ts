// Reads a ZIP archive of stored entries from its directory, as APPNOTE.TXT describes it.

export interface ReadEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly crc: number;
  readonly isUtf8: boolean;
  /** Milliseconds since 1970, taken for UTC. */
  readonly at: number;
}

/** Throws for anything that is not as it must be. */
export function readZip(archive: Uint8Array): ReadEntry[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error("no end record");
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (at + size !== end) throw new Error("the directory is not where it is said to be");
  const found: ReadEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error("no directory entry");
    const nameLength = view.getUint16(at + 28, true);
    const nameBytes = archive.slice(at + 46, at + 46 + nameLength);
    found.push({
      name: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(nameBytes),
      bytes: content(archive, view, at, nameBytes),
      crc: view.getUint32(at + 16, true),
      isUtf8: (view.getUint16(at + 8, true) & 0x0800) !== 0,
      at: timeOf(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
    });
    at += 46 + nameLength;
  }
  return found;
}

/** Where the local header says the same as the directory. */
function content(archive: Uint8Array, view: DataView, entry: number, name: Uint8Array) {
  const at = view.getUint32(entry + 42, true);
  if (view.getUint32(at, true) !== 0x04034b50) throw new Error("no local header");
  // Version, flags, method, time, date, checksum, both sizes, length of the name.
  for (let i = 0; i < 24; i++) {
    if (archive[at + 4 + i] !== archive[entry + 6 + i]) throw new Error(`headers differ at ${i}`);
  }
  const local = archive.slice(at + 30, at + 30 + name.length);
  if (String(local) !== String(name)) throw new Error("names differ");
  if (view.getUint16(entry + 10, true) !== 0) throw new Error("not stored");
  const start = at + 30 + name.length;
  return archive.slice(start, start + view.getUint32(entry + 24, true));
}

function timeOf(date: number, time: number): number {
  const day = [(date >> 9) + 1980, ((date >> 5) & 15) - 1, date & 31] as const;
  return Date.UTC(...day, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
