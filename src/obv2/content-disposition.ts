// Content-Disposition: the name a downloaded badge is saved under (RFC 6266, RFC 8187).

/** Characters of a badge's name that reach a file's name. */
export const MAX_NAME = 80;

/** Letters and digits of any script, with single hyphens for everything between. */
function fileStem(name: string): string {
  const words = name.normalize("NFC").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...words.join("-")].slice(0, MAX_NAME).join("").replace(/-$/, "");
}

/** RFC 8187, section 3.2.1: what `encodeURIComponent` leaves alone and an extended value may not hold. */
function extendedValue(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}

type Extension = "png" | "svg" | "jws";

/** As `Streak-Champion-1a2b3c4d.png`, in whatever script the name has. */
export function fileNameOf(badgeName: string, hash: string, extension: Extension): string {
  return `${fileStem(badgeName) || "badge"}-${hash.slice(0, 8)}.${extension}`;
}

/**
 * As `inline; filename="Streak-Champion-1a2b3c4d.png"`. The plain form is ASCII, and comes first for
 * readers that know no other; a name in another script follows in the extended form.
 */
export function contentDisposition(
  kind: "inline" | "attachment",
  badgeName: string,
  hash: string,
  extension: Extension,
): string {
  const tail = `${hash.slice(0, 8)}.${extension}`;
  const stem = fileStem(badgeName);
  const ascii = fileStem(stem.normalize("NFKD").replace(/[^\x20-\x7e]/g, ""));
  const plain = `${kind}; filename="${ascii || "badge"}-${tail}"`;
  return stem === ascii ? plain : `${plain}; filename*=UTF-8''${extendedValue(`${stem}-${tail}`)}`;
}
