// Language tags in the case that BCP 47 recommends, so that one tag has one spelling.

/**
 * The tag with its subtags in the case of RFC 5646, section 2.1.1: regions in capitals, scripts with
 * one, the rest small, and nothing else changed. `Intl.getCanonicalLocales` would also sort the
 * variants: `sl-rozaj-biske` (Resian as spoken in Bila) becomes `sl-biske-rozaj`, where a variant
 * stands before the one it belongs to, and verifiers call that invalid.
 */
export function canonicalLanguage(tag: string): string {
  let free = true;
  return tag
    .toLowerCase()
    .split("-")
    .map((subtag, i) => {
      // What follows a single letter is an extension's own, or private.
      if (subtag.length === 1) free = false;
      if (i === 0 || !free) return subtag;
      if (subtag.length === 2) return subtag.toUpperCase();
      if (/^[a-z]{4}$/.test(subtag)) return `${subtag.charAt(0).toUpperCase()}${subtag.slice(1)}`;
      return subtag;
    })
    .join("-");
}
