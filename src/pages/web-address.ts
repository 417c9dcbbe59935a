// Which addresses a page may link to.

const LINKABLE = new Set(["http:", "https:", "mailto:"]);

/**
 * The address as the browser will read it, or null where it is no absolute http, https or mailto
 * address: `javascript:` and `data:` are written into badges by those who attack their readers.
 */
export function linkable(address: string | null | undefined): string | null {
  if (address === null || address === undefined || !URL.canParse(address)) return null;
  const url = new URL(address);
  return LINKABLE.has(url.protocol) ? url.href : null;
}

/** An address of this installation as a path, so that it works under whatever name it was reached. */
export function here(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

/** The name of the host, for people; the whole text where it is not an address. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host || address : address;
}
