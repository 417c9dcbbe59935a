// Pages that people share of their badges, and the addresses where the badges themselves answer.

interface Provider {
  readonly page: (url: URL) => string | null;
}

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/**
 * Only where the page is known never to be a badge's document itself. What is found there is judged
 * like anything else: whoever names a page cannot make a badge better than it is.
 */
const PROVIDERS: readonly Provider[] = [
  {
    // Credly, once Acclaim: the page never answers with the document.
    page: (url) => {
      if (!/^(?:www\.)?(?:credly|youracclaim)\.com$/.test(url.host)) return null;
      const id = new RegExp(`^/badges/(${UUID})(?:/|$)`, "i").exec(url.pathname)?.[1];
      return id ? `https://api.credly.com/v1/obi/v2/badge_assertions/${id.toLowerCase()}` : null;
    },
  },
  {
    // Moodle, on any host and in any folder.
    page: (url) => {
      const folder = /^(.*\/badges)\/badge\.php$/.exec(url.pathname)?.[1];
      const hash = url.searchParams.get("hash");
      if (folder === undefined || !/^[0-9a-f]{40}$/i.test(hash ?? "")) return null;
      return `${url.origin}${folder}/assertion.php?b=${hash}&obversion=2`;
    },
  },
  {
    // Rosette: the page of an award, and what hangs under it.
    page: (url) => {
      const hash = /^\/b\/([0-9a-f]{40})(?:\/(?:embed|print|card\.png))?$/.exec(url.pathname)?.[1];
      return hash ? `${url.origin}/ob/v2/assertions/${hash}` : null;
    },
  },
];

/** The address of the Assertion behind a page; null for an address that is no such page. */
export function assertionAddress(url: URL): string | null {
  for (const { page } of PROVIDERS) {
    const address = page(url);
    if (address !== null) return address;
  }
  return null;
}
