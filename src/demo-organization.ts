// The organization of the demo: by it the demo's awards are told from those of real people.

export const DEMO_ORGANIZATION = {
  name: "Northside Peer Mentors",
  slug: "northside",
  /** No real organization has this address (RFC 2606, section 3). */
  url: "https://northside.example",
  email: "badges@northside.example",
  description: "Volunteers who walk with people through their first year in the city.",
} as const;
