// A ZIP archive, written as it is sent: entries are stored as they are, since pictures are packed already.
import { crc32 } from "../bakery/crc32.ts";

/** A file of the archive. `name` has no folder above the archive's own. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
}

/** What an archive without ZIP64 can hold (APPNOTE 6.3.10, section 4.4.1.4). */
export const MAX_ENTRIES = 0xfffe;
export const MAX_ARCHIVE_BYTES = 0xfffffffe;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** 2.0: files in folders. */
const VERSION = 20;
/** Made on Unix, whose names no reader takes for those of MS-DOS (section 4.4.2). */
const MADE_BY = (3 << 8) | VERSION;
/** A plain file that its owner may write and anybody read, where Unix keeps it (section 4.4.15). */
const MODE = 0o100644;
/** Bit 11: names are UTF-8 (section 4.4.4). */
const UTF8_NAMES = 0x0800;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;

interface Written {
  readonly name: Uint8Array;
  readonly size: number;
  readonly crc: number;
  readonly time: number;
  readonly date: number;
  readonly offset: number;
}

/**
 * The pieces of the archive, one after the other: each entry's as it comes, the directory at the end.
 * Only the directory is kept meanwhile. Throws a RangeError for more than an archive can hold.
 *
 * @see APPNOTE.TXT 6.3.10, sections 4.3.7 (local file header), 4.3.12 (central directory), 4.3.16
 */
export async function* zipPieces(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const directory: Written[] = [];
  let offset = 0;
  for await (const { name, bytes, at } of entries) {
    const written: Written = {
      name: new TextEncoder().encode(name),
      size: bytes.length,
      crc: crc32(bytes),
      ...dosTime(at),
      offset,
    };
    const head = localHeader(written);
    offset += head.length + bytes.length;
    directory.push(written);
    if (directory.length > MAX_ENTRIES || offset > MAX_ARCHIVE_BYTES) {
      throw new RangeError("more than a ZIP archive can hold");
    }
    yield head;
    yield bytes;
  }
  let size = 0;
  for (const written of directory) {
    const header = centralHeader(written);
    size += header.length;
    yield header;
  }
  if (offset + size > MAX_ARCHIVE_BYTES) throw new RangeError("more than a ZIP archive can hold");
  yield endRecord(directory.length, size, offset);
}

function localHeader({ name, size, crc, time, date }: Written): Uint8Array {
  const bytes = new Uint8Array(LOCAL_BYTES + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, LOCAL, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, UTF8_NAMES, true);
  view.setUint16(10, time, true);
  view.setUint16(12, date, true);
  view.setUint32(14, crc, true);
  view.setUint32(18, size, true);
  view.setUint32(22, size, true);
  view.setUint16(26, name.length, true);
  bytes.set(name, LOCAL_BYTES);
  return bytes;
}

function centralHeader({ name, size, crc, time, date, offset }: Written): Uint8Array {
  const bytes = new Uint8Array(CENTRAL_BYTES + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CENTRAL, true);
  view.setUint16(4, MADE_BY, true);
  view.setUint16(6, VERSION, true);
  view.setUint16(8, UTF8_NAMES, true);
  view.setUint16(12, time, true);
  view.setUint16(14, date, true);
  view.setUint32(16, crc, true);
  view.setUint32(20, size, true);
  view.setUint32(24, size, true);
  view.setUint16(28, name.length, true);
  view.setUint16(40, MODE, true);
  view.setUint32(42, offset, true);
  bytes.set(name, CENTRAL_BYTES);
  return bytes;
}

function endRecord(count: number, size: number, offset: number): Uint8Array {
  const bytes = new Uint8Array(END_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, END, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return bytes;
}

/** The form of MS-DOS: from 1980 to 2107, in steps of two seconds (section 4.4.6); here in UTC. */
function dosTime(at: number): { readonly time: number; readonly date: number } {
  const moment = new Date(Math.min(Math.max(at, Date.UTC(1980)), Date.UTC(2107, 11, 31)));
  return {
    time:
      (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1),
    date:
      ((moment.getUTCFullYear() - 1980) << 9) |
      ((moment.getUTCMonth() + 1) << 5) |
      moment.getUTCDate(),
  };
}
