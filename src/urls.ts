// Every public address that is minted: an id that has been given out is an id for ever.

/** The addresses of one installation. `base` is the public origin, without a trailing slash. */
export function urls(base: string) {
  const v2 = `${base}/ob/v2`;
  return {
    base,
    home: `${base}/`,
    issuer: (id: string) => `${v2}/issuers/${id}`,
    issuerImage: (id: string) => `${v2}/issuers/${id}/image`,
    revocationList: (organizationId: string) => `${v2}/issuers/${organizationId}/revocations`,
    badgeClass: (id: string) => `${v2}/badges/${id}`,
    badgeImage: (id: string) => `${v2}/badges/${id}/image`,
    /** As it is shown to who has not earned the badge. */
    lockedImage: (id: string) => `${v2}/badges/${id}/image?locked`,
    badgeImageAuthor: (id: string) => `${v2}/badges/${id}/image/author`,
    badgeCriteria: (id: string) => `${v2}/badges/${id}/criteria`,
    /** The wide picture of a link to the badge's page. */
    badgeClassCard: (id: string) => `${v2}/badges/${id}/card.png`,
    badgeAlignments: (id: string) => `${v2}/badges/${id}/alignments`,
    alignment: (id: string) => `${v2}/alignments/${id}`,
    endorsement: (id: string) => `${v2}/endorsements/${id}`,
    endorsementIssuer: (id: string) => `${v2}/endorsements/${id}/issuer`,
    assertion: (hash: string) => `${v2}/assertions/${hash}`,
    bakedPng: (hash: string) => `${v2}/assertions/${hash}/image.png`,
    bakedSvg: (hash: string) => `${v2}/assertions/${hash}/image.svg`,
    /** The compact JWS of the same award, and the pictures it is baked into. */
    signed: (hash: string) => `${v2}/assertions/${hash}/signed`,
    signedPng: (hash: string) => `${v2}/assertions/${hash}/image.png?signed`,
    signedSvg: (hash: string) => `${v2}/assertions/${hash}/image.svg?signed`,
    key: (id: string) => `${v2}/keys/${id}`,
    badgePage: (hash: string) => `${base}/b/${hash}`,
    badgeCard: (hash: string) => `${base}/b/${hash}/card.png`,
    /** To be printed: paper gets no verdict, which would be read long after it was true. */
    badgePrint: (hash: string) => `${base}/b/${hash}/print`,
    badgeEmbed: (hash: string) => `${base}/b/${hash}/embed`,
    catalog: `${base}/catalog`,
    feed: `${base}/feed.xml`,
    /** An organization's place in the catalogue; it has one while it is listed. */
    issuerPage: (slug: string) => `${base}/issuers/${slug}`,
    issuerFeed: (slug: string) => `${base}/issuers/${slug}/feed.xml`,
    sitemap: `${base}/sitemap.xml`,
    /** Says how to show a badge within another page. */
    oembed: (page: string, format: "json" | "xml") =>
      `${base}/oembed?url=${encodeURIComponent(page)}&format=${format}`,
    /** A picture of the registry by the SHA-256 of its bytes, in hex. */
    image: (sha256: string, mediaType: string) =>
      `${base}/images/${sha256}.${mediaType === "image/png" ? "png" : "svg"}`,
    jwks: `${base}/.well-known/jwks.json`,
    /** Where whoever has a claim code takes the badge. */
    claim: (code: string) => `${base}/claim/${code}`,
    /** What somebody shows of themselves, once they chose to. */
    profile: (slug: string) => `${base}/p/${slug}`,
    /** Signs in, or confirms an address; once. */
    oneTimeLink: (token: string) => `${base}/auth/${token}`,
    /** Where an OpenID provider sends people back to. */
    oidcCallback: `${base}/login/oidc/callback`,
    problem: (code: string) => `${base}/problems/${code}`,
  };
}

export type Urls = ReturnType<typeof urls>;
