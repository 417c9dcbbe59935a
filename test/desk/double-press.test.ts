// A button that is pressed twice: what is done is done once, and either answer says the same.
import { describe, expect, it } from "vitest";
import { FORM_TOKEN } from "../../src/signin/session.ts";
import { givenAward, givenBadge } from "../given.ts";
import { givenManualCriterion, givenNomination } from "../given-nominations.ts";
import type { SignedInBrowser } from "../signed-in.ts";
import { fieldsOf } from "./badge-world.ts";
import { type DeskWorld, deskWorld } from "./world.ts";

type Values = Readonly<Record<string, string | readonly string[] | File>>;

/** A page, and the form on it that somebody fills in. */
interface Filled {
  /** Whose button it is. */
  readonly as: SignedInBrowser;
  readonly page: string;
  readonly action?: string;
  readonly values?: Values;
  /** Of the page's fields those of the badge's editor go along. */
  readonly isEditor?: true;
}

/** One badge that coordinators give, held by Noor. */
async function world() {
  const w = await deskWorld();
  const badge = await givenBadge(w.env, w.organization, {
    name: "Night School",
    status: "active_locked",
  });
  await givenManualCriterion(w.env, badge);
  const award = await givenAward(w.env, badge, w.noor);
  return { ...w, badge, award };
}
type World = Awaited<ReturnType<typeof world>>;

async function send(
  { request, env, organization }: DeskWorld,
  { as, page, action = page, isEditor }: Filled,
  values: Values,
  html: string,
): Promise<Response> {
  const body = new FormData();
  body.set(FORM_TOKEN, as.formToken);
  body.set("organization", organization.id);
  body.set("once", /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "");
  const all: Values = { ...(isEditor ? fieldsOf(html) : {}), ...values };
  for (const [name, value] of Object.entries(all)) {
    if (value instanceof File) body.set(name, value);
    else for (const one of [value].flat()) body.append(name, one);
  }
  return request(action, {
    method: "POST",
    headers: { accept: "text/html", cookie: as.cookie, origin: env.config.publicUrl },
    body,
  });
}

const TEXTS = {
  name: "Night Walk Guide",
  description: "Led ten night walks.",
  narrative: "Lead ten night walks.",
  do: "save",
};
const AWARD = { person: "kim@example.net", name: "Kim Berg" };

/** What is pressed, what there is one more of, and how many more. */
const PRESSED: readonly (readonly [
  what: string,
  table: string,
  more: number,
  form: (w: World) => Filled | Promise<Filled>,
])[] = [
  [
    "Save of a new badge",
    "badges",
    1,
    ({ as }) => ({ as: as.ada, page: "/admin/badges/new", values: TEXTS, isEditor: true }),
  ],
  [
    "Save of a badge that people hold: a new version",
    "badges",
    1,
    ({ as, badge }) => ({
      as: as.ada,
      page: `/admin/badges/${badge.id}/edit`,
      values: { description: "Another." },
      isEditor: true,
    }),
  ],
  [
    "Copy",
    "badges",
    1,
    ({ as, badge }) => ({
      as: as.ada,
      page: `/admin/badges/${badge.id}/versions`,
      action: `/admin/badges/${badge.id}/clone`,
    }),
  ],
  [
    "Who would get it now",
    "evaluations",
    1,
    ({ as, badge }) => ({
      as: as.ada,
      page: `/admin/badges/${badge.id}`,
      action: `/admin/badges/${badge.id}/count`,
    }),
  ],
  [
    "Delete of a badge that nobody holds",
    "badges",
    -1,
    async ({ as, env, organization }) => {
      const { id } = await givenBadge(env, organization, { name: "Draft", status: "inactive" });
      return { as: as.ada, page: `/admin/badges/${id}/delete` };
    },
  ],
  [
    "Award",
    "badge_issues",
    1,
    ({ as, badge }) => ({
      as: as.cora,
      page: "/award",
      values: { ...AWARD, badge: badge.id, step: "do" },
    }),
  ],
  [
    "Nominate",
    "nominations",
    1,
    ({ as, badge, noor }) => ({
      as: as.cora,
      page: "/award?mode=nominate",
      action: "/award",
      values: { mode: "nominate", user: noor.user.id, badge: badge.id, note: "Every week." },
    }),
  ],
  [
    "Decline of a nomination",
    "nominations",
    0,
    async ({ as, env, badge, ada, noor }) => {
      const { id } = await givenNomination(env, badge, noor, { nominator_id: ada.user.id });
      const page = `/award/nominations/${id}`;
      return { as: as.cora, page, values: { deed: "decline", note: "Not yet." } };
    },
  ],
  [
    "Correct and re-issue",
    "badge_issues",
    1,
    ({ as, badge, award }) => ({
      as: as.ada,
      page: `/admin/badges/${badge.id}/awards/${award.id}/correct`,
      values: { narrative: "Ten walks.", reason: "A slip." },
    }),
  ],
  [
    "Make a code",
    "claim_codes",
    1,
    ({ as, badge }) => ({
      as: as.cora,
      page: "/award/codes",
      values: { badge: badge.id, label: "Camp" },
    }),
  ],
  [
    "Add a person",
    "memberships",
    1,
    ({ as }) => ({
      as: as.ada,
      page: "/admin/people/new",
      action: "/admin/people",
      values: { name: "Kim Berg", email: "kim@example.net" },
    }),
  ],
  [
    "Add an address of a person",
    "identities",
    1,
    ({ as, noor }) => ({
      as: as.ada,
      page: `/admin/people/${noor.user.id}`,
      action: `/admin/people/${noor.user.id}/identities`,
      values: { type: "email", identity: "noor@work.example" },
    }),
  ],
  [
    "Check a file of people",
    "imports",
    1,
    ({ as, badge }) => ({
      as: as.cora,
      page: "/award/import",
      values: { badge: badge.id, file: new File(["email\nkim@example.net\n"], "people.csv") },
    }),
  ],
  [
    "Add a webhook",
    "webhook_endpoints",
    1,
    ({ as }) => ({
      as: as.ada,
      page: "/admin/webhooks",
      values: { url: "https://hooks.example.net/in", events: "award.created" },
    }),
  ],
  [
    "Make an API key",
    "api_keys",
    1,
    ({ as }) => ({
      as: as.ada,
      page: "/admin/api-keys",
      values: { name: "Courses", scopes: "badges:read", expiry: "30" },
    }),
  ],
  [
    "Add an event source",
    "event_sources",
    1,
    ({ as }) => ({ as: as.ada, page: "/admin/event-sources", values: { name: "Courses" } }),
  ],
  [
    "Change the key that signs",
    "signing_keys",
    1,
    ({ as }) => ({ as: as.ada, page: "/admin/keys/rotate" }),
  ],
  [
    "Save of settings",
    "organizations",
    0,
    async ({ as }) => {
      const page = "/admin/settings";
      const html = await (await as.ada.get(page)).text();
      const etag = /name="etag" value="([^"]+)"/.exec(html)?.[1]?.replaceAll("&quot;", '"') ?? "";
      const profile = {
        name: "Northside",
        slug: "north",
        url: "https://n.example",
        language: "en",
      };
      const values = { ...profile, email: "n@example.net", etag };
      return { as: as.ada, page, values };
    },
  ],
];

/** Where it leads, or, of a page, its heading. */
async function outcome(answer: Response) {
  const html = await answer.text();
  const heading = /<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? "";
  return [answer.headers.get("location"), heading];
}

describe.each(PRESSED)("%s", (_what, table, more, form) => {
  it("twice at once, and once more a while later: done once, and all three say so", async () => {
    const w = await world();
    const count = async () => {
      const { rows } = await w.env.db.read({ sql: `select count(*) from ${table}`, params: [] });
      return Number(rows[0]?.[0]);
    };
    const filled = await form(w);
    const before = await count();
    const html = await (await filled.as.get(filled.page)).text();
    const press = () => send(w, filled, filled.values ?? {}, html);
    const both = await Promise.all([press(), press()]);
    w.clock.advance(5_000);
    const all = [...both, await press()];
    for (const answer of all) expect(answer.status).toBeLessThan(400);
    const outcomes = await Promise.all(all.map(outcome));
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
    expect(await count()).toBe(before + more);
  });
});
