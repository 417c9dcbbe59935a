// Which addresses of authors who are not trusted may be linked to.

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
