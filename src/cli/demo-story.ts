// What the demo tells: an organization, its people, its badges, and who was given which, how long ago.

export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly roles: readonly string[];
  /** Looks after what organizations share. */
  readonly runsSite?: boolean;
}

export interface DemoBadge {
  readonly key: string;
  readonly picture?: "moon" | "bridge";
  /** Keys of badges above it in this list. */
  readonly related?: readonly string[];
  /** The body of POST /api/v1/badges, but for the picture and the relations. */
  readonly body: Readonly<Record<string, unknown>> & { readonly name: string };
}

export interface DemoAward {
  readonly badge: string;
  readonly to: string;
  readonly daysAgo: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly revoked?: { readonly daysAgo: number; readonly reason: string };
}

const DAY_SECONDS = 86_400;

/** When the organization set itself up, before its first award. */
export const FOUNDED_DAYS_AGO = 900;

export const PEOPLE: readonly DemoPerson[] = [
  {
    name: "Ada Lindqvist",
    email: "ada@northside.example",
    roles: ["organization_administrator", "member"],
    runsSite: true,
  },
  { name: "Cora Mensah", email: "cora@northside.example", roles: ["coordinator", "member"] },
  { name: "Noor Haddad", email: "noor@example.org", roles: ["member"] },
  { name: "Kim Osei", email: "kim@example.org", roles: ["member"] },
  { name: "Tomás Rivera", email: "tomas@example.org", roles: ["member"] },
];

export const BADGES: readonly DemoBadge[] = [
  {
    key: "first-session",
    body: {
      name: "First Session",
      description: "Ran a first mentoring session.",
      criteria: { narrative: "Run one mentoring session and write down how it went." },
      category: "activity_milestone",
      tags: ["mentoring", "first steps"],
    },
  },
  {
    key: "streak",
    related: ["first-session"],
    body: {
      name: "Streak Champion",
      description: "Ran mentoring sessions in twelve consecutive weeks.",
      criteria: {
        narrative:
          "Run a mentoring session in **each of twelve consecutive weeks**.\n\n- A session lasts at least 30 minutes.\n- Holidays of the organization do not break the streak.",
      },
      category: "activity_milestone",
      tags: ["mentoring", "perseverance"],
      alignments: [
        {
          target_name: "Keeps commitments over time",
          target_url: "https://skills.example/frameworks/volunteering/keeps-commitments",
          target_code: "VOL-3.2",
          target_framework: "Volunteering Skills Framework",
          target_description: "Plans regular work and carries it through.",
        },
      ],
    },
  },
  {
    key: "hours",
    related: ["streak"],
    body: {
      name: "Hundred Hours",
      description: "Gave many hours of mentoring.",
      criteria: {
        narrative: "Give 25, 50 or 100 hours of mentoring, counted by the coordinators.",
      },
      category: "activity_milestone",
      tags: ["mentoring"],
      tiers: [
        { level: 1, name: "Bronze", threshold: 25 },
        { level: 2, name: "Silver", threshold: 50 },
        { level: 3, name: "Gold", threshold: 100 },
      ],
    },
  },
  {
    key: "night-walk",
    picture: "moon",
    body: {
      name: "Night Walk Guide",
      description: "Led newcomers on the winter night walk.",
      criteria: { narrative: "Lead a group on the winter night walk, and bring everybody home." },
      category: "recognition",
      tags: ["events"],
      image_caption: "A crescent moon over two hills.",
      image_author_name: "Northside Peer Mentors",
      image_author_url: "https://northside.example",
    },
  },
  {
    key: "bridge",
    picture: "bridge",
    body: {
      name: "Bridge Builder",
      description: "Brought together people who would not have met.",
      criteria: { narrative: "Two members nominate you, and a coordinator agrees." },
      category: "recognition",
      tags: ["community"],
      image_caption: "A bridge of three arches.",
      endorsement: {
        issuer_name: "Harbour Youth Council",
        issuer_url: "https://harbour-youth.example",
        issuer_email: "council@harbour-youth.example",
        claim_comment: "We see what the holders of this badge do for the neighbourhood.",
      },
    },
  },
  {
    key: "welcome",
    related: ["bridge"],
    body: {
      name: "Warm Welcome",
      description: "Greeted newcomers at the door, month after month.",
      criteria: { narrative: "Greet newcomers at six monthly meetings." },
      category: "recognition",
      tags: ["community", "events"],
    },
  },
  {
    key: "first-aid",
    body: {
      name: "First Aid at Events",
      description: "Knows what to do until help arrives. Valid for two years.",
      criteria: { narrative: "Pass the eight-hour course and its practical test." },
      category: "certification",
      tags: ["safety"],
      expire_period: 2 * 365 * DAY_SECONDS,
      alignments: [
        {
          target_name: "Gives first aid",
          target_url: "https://skills.example/frameworks/events/gives-first-aid",
          target_code: "EVT-1.4",
          target_framework: "Event Safety Framework",
        },
      ],
    },
  },
  {
    key: "safeguarding",
    related: ["first-aid"],
    body: {
      name: "Safeguarding, Level 1",
      description: "Recognises when someone is at risk, and knows whom to tell.",
      criteria: { narrative: "Complete the safeguarding training and its interview." },
      category: "certification",
      tags: ["safety"],
      expire_period: 3 * 365 * DAY_SECONDS,
    },
  },
];

/** In the order they were made. The first one still valid is what the home page shows first. */
export const AWARDS: readonly DemoAward[] = [
  { badge: "first-aid", to: "noor@example.org", daysAgo: 800 },
  {
    badge: "streak",
    to: "noor@example.org",
    daysAgo: 120,
    details: {
      narrative:
        "Noor met the same three people every Tuesday, rain or shine, from June to August.",
      evidence: [
        {
          name: "Session log",
          description: "Dates and lengths of the twelve sessions.",
          narrative: "Kept by Noor, checked by Cora.",
          genre: "Log",
        },
      ],
    },
  },
  { badge: "first-session", to: "kim@example.org", daysAgo: 100 },
  { badge: "hours", to: "noor@example.org", daysAgo: 90, details: { tier_level: 1 } },
  { badge: "safeguarding", to: "cora@northside.example", daysAgo: 75 },
  {
    badge: "bridge",
    to: "kim@example.org",
    daysAgo: 60,
    revoked: { daysAgo: 52, reason: "Awarded by mistake: the nomination was for somebody else." },
  },
  { badge: "bridge", to: "tomas@example.org", daysAgo: 52 },
  { badge: "night-walk", to: "tomas@example.org", daysAgo: 40 },
  { badge: "hours", to: "noor@example.org", daysAgo: 30, details: { tier_level: 2 } },
  { badge: "first-aid", to: "kim@example.org", daysAgo: 12 },
];
