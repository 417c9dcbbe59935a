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
    key: "first-activity",
    body: {
      name: "First Activity",
      description: "Ran a first mentoring session.",
      criteria: { narrative: "Run one mentoring session and write down how it went." },
      category: "activity_milestone",
      tags: ["mentoring", "first steps"],
    },
  },
  {
    key: "streak",
    related: ["first-activity"],
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
      description: "Gave a hundred hours of mentoring.",
      criteria: {
        narrative: "Give 100 hours of mentoring. Hours are counted as they are reported.",
        rules: [{ type: "metric", params: { metric_activity_hours: "100" } }],
      },
      category: "activity_milestone",
      tags: ["mentoring"],
    },
  },
  {
    key: "evening-host",
    related: ["hours"],
    body: {
      name: "Evening Host",
      description: "Opened the house for the open evenings.",
      criteria: {
        narrative: "Host 5, 15 or 40 open evenings, counted by the coordinators.",
      },
      category: "recognition",
      tags: ["events"],
      tiers: [
        { level: 1, name: "Bronze", threshold: 5 },
        { level: 2, name: "Silver", threshold: 15 },
        { level: 3, name: "Gold", threshold: 40 },
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

const [ADA, CORA, NOOR, KIM, TOMAS] = [
  "ada@northside.example",
  "cora@northside.example",
  "noor@example.org",
  "kim@example.org",
  "tomas@example.org",
] as const;

/** In the order they were made. The first one still valid is what the home page shows first. */
export const AWARDS: readonly DemoAward[] = [
  { badge: "first-aid", to: NOOR, daysAgo: 800 },
  { badge: "first-aid", to: CORA, daysAgo: 780 },
  {
    badge: "streak",
    to: NOOR,
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
  { badge: "first-activity", to: KIM, daysAgo: 118 },
  { badge: "first-activity", to: TOMAS, daysAgo: 116 },
  { badge: "first-activity", to: CORA, daysAgo: 114 },
  { badge: "evening-host", to: KIM, daysAgo: 100, details: { tier_level: 1 } },
  { badge: "safeguarding", to: CORA, daysAgo: 96 },
  { badge: "safeguarding", to: ADA, daysAgo: 95 },
  { badge: "welcome", to: NOOR, daysAgo: 84 },
  { badge: "first-activity", to: ADA, daysAgo: 80 },
  { badge: "evening-host", to: KIM, daysAgo: 72, details: { tier_level: 2 } },
  { badge: "safeguarding", to: KIM, daysAgo: 66 },
  {
    badge: "bridge",
    to: KIM,
    daysAgo: 60,
    revoked: { daysAgo: 53, reason: "Awarded by mistake: the nomination was for somebody else." },
  },
  { badge: "bridge", to: TOMAS, daysAgo: 52 },
  { badge: "streak", to: TOMAS, daysAgo: 48 },
  { badge: "night-walk", to: TOMAS, daysAgo: 40 },
  { badge: "first-aid", to: ADA, daysAgo: 33 },
  { badge: "evening-host", to: TOMAS, daysAgo: 27, details: { tier_level: 1 } },
  { badge: "welcome", to: ADA, daysAgo: 20 },
  { badge: "night-walk", to: CORA, daysAgo: 16 },
  { badge: "first-aid", to: KIM, daysAgo: 12 },
];

/** Waits for somebody's decision. */
export const NOMINATION = {
  badge: "welcome",
  of: TOMAS,
  by: CORA,
  daysAgo: 2,
  reason: "Tomás stood at the door of every meeting since spring, and remembers everybody’s name.",
} as const;

export interface DemoHours {
  readonly of: string;
  /** Of each session, a week from one to the next, the last one a week ago. */
  readonly hours: readonly number[];
}

/** Nobody has a hundred yet: Noor is half way there. */
export const HOURS: readonly DemoHours[] = [
  { of: NOOR, hours: [...new Array<number>(18).fill(2.5), 1.5, 1] },
  { of: KIM, hours: new Array<number>(24).fill(3.5) },
  { of: TOMAS, hours: new Array<number>(9).fill(2) },
];

/** Who chose to be named on the organization's page, and under which name. */
export const SHOWN = { of: TOMAS, slug: "tomas-rivera", name: "Tomás Rivera" } as const;
