// Imports over the API: what a file may look like, what each row comes to, and how it is watched.
import { describe, expect, it } from "vitest";
import { MAX_BYTES } from "../../src/csv/limits.ts";
import { readCsv } from "../../src/csv/read.ts";
import { SLICE_ROWS } from "../../src/issuer/import-run.ts";
import { givenApiKey, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { importing, people, type ShownImport } from "../issuer/importing.ts";

const bytesOf = (text: string, ...tail: number[]) =>
  Uint8Array.from([...new TextEncoder().encode(text), ...tail]);

describe("a file", () => {
  it("is taken at once and done as a job, whose progress is a row", async () => {
    const { send, get, drain, rows, count } = await importing();
    const begun = await send(people(3));
    expect(begun.status).toBe(202);
    const taken = (await begun.json()) as ShownImport;
    expect(begun.headers.get("location")).toBe(`/api/v1/imports/${taken.id}`);
    expect(taken).toMatchObject({ state: "waiting", rows: 3, done: 0, dry_run: false });
    expect(await count("badge_issues")).toBe(0);

    await drain();
    const ended = await (await get(`/imports/${taken.id}`)).json();
    expect(ended).toMatchObject({
      state: "done",
      rows: 3,
      done: 3,
      awarded: 3,
      held: 0,
      refused: 0,
    });
    expect(ended).toMatchObject({ finished_at: "2026-10-04T14:02:00.000Z" });
    const [first] = await rows(taken.id);
    expect(first).toMatchObject({
      line: 2,
      outcome: "awarded",
      code: null,
      values: { email: "person-0@example.org", name: "Person 0" },
    });
    const award = await (await get(`/awards/${first?.award?.id}`)).json();
    expect(award).toMatchObject({ recipient: { name: "Person 0" }, awarded_by: "admin" });
    const list = (await (await get("/imports")).json()) as { data: ShownImport[] };
    expect(list.data.map(({ id }) => id)).toEqual([taken.id]);
  });

  it("comes as a form too", async () => {
    const { t, organization, badge } = await importing();
    const form = new FormData();
    form.set("file", new File([people(1)], "spring.csv"));
    const response = await t.request(`/api/v1/imports?badge=${badge.id}`, {
      method: "POST",
      headers: { authorization: `Bearer ${await givenApiKey(t.env, organization)}` },
      body: form,
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ file_name: "spring.csv", rows: 1 });
  });

  it("may be Windows-1252 with semicolons, and says so", async () => {
    const { run, rows } = await importing();
    const file = bytesOf('E-Mail Address;Full Name;Department\nkim@example.org;"Os', 0xe9);
    const ended = await run(Uint8Array.from([...file, ...bytesOf(', Kim";Care\n')]));
    expect(ended).toMatchObject({
      awarded: 1,
      reading: {
        encoding: "windows-1252",
        delimiter: ";",
        unknown_columns: ["Department"],
        columns: [
          { name: "E-Mail Address", as: "email" },
          { name: "Full Name", as: "name" },
          { name: "Department", as: null },
        ],
      },
    });
    expect((await rows(ended.id))[0]?.values["Full Name"]).toBe("Osé, Kim");
  });

  it.each<[name: string, csv: string, query: string, code: string]>([
    [
      "without a heading",
      "kim@example.org,Kim\nari@example.org,Ari\n",
      "badge=",
      "csv_heading_missing",
    ],
    [
      "without a column for people",
      "first,last\nKim,Osei\n",
      "badge=",
      "csv_recipient_column_missing",
    ],
    ["without a badge", "email\nkim@example.org\n", "", "csv_badge_column_missing"],
    [
      "with two columns of one meaning",
      "email,Mail\na@example.org,b@example.org\n",
      "badge=",
      "csv_column_twice",
    ],
    [
      "with two columns of one name",
      "email,Team,Team\na@example.org,b,c\n",
      "badge=",
      "csv_column_twice",
    ],
    ["with a heading alone", "email,name\n\n", "badge=", "csv_no_rows"],
    ["of nothing", "", "badge=", "csv_empty"],
    [
      "with a quote that is not closed",
      'email,name\nkim@example.org,"Kim\n',
      "badge=",
      "csv_quote_unclosed",
    ],
    ["that is a workbook", "PK\u0003\u0004", "badge=", "csv_not_text"],
  ])("%s is refused as a whole", async (_name, csv, query, code) => {
    const { send, badge, count } = await importing();
    const response = await send(csv, query === "badge=" ? `badge=${badge.id}` : query);
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as ShownImport;
    expect(errors).toEqual([expect.objectContaining({ pointer: "", code })]);
    expect(errors[0]?.fix).not.toBe("");
    expect([await count("imports"), await count("import_rows"), await count("jobs")]).toEqual([
      0, 0, 0,
    ]);
  });

  it("that is too large, of another kind, or for a badge that cannot be awarded is refused", async () => {
    const { send, t, organization } = await importing();
    expect((await send(new Uint8Array(MAX_BYTES + 1))).status).toBe(413);
    expect((await send(people(1), "badge=x", "application/json")).status).toBe(415);
    expect((await send(people(1), "badge=unknown")).status).toBe(422);
    const inactive = await givenBadge(t.env, organization, { status: "inactive" });
    expect((await send(people(1), `badge=${inactive.id}`)).status).toBe(409);
    const foreign = await givenBadge(t.env, await givenOrganization(t.env));
    expect((await send(people(1), `badge=${foreign.id}`)).status).toBe(422);
  });

  it("is not for a key that may not award", async () => {
    const { t, organization, badge } = await importing();
    const key = await givenApiKey(t.env, organization, ["awards:read"]);
    const response = await t.request(`/api/v1/imports?badge=${badge.id}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "text/csv" },
      body: people(1),
    });
    expect(response.status).toBe(403);
  });
});

describe("a row", () => {
  const cases: [what: string, heading: string, row: string, code: string, field: string | null][] =
    [
      ["without anybody", "email,name", ",Kim", "recipient_or_user", "email"],
      ["with no address", "email", "kim at example.org", "email_format", "email"],
      ["with two addresses", "email", '"a@example.org, b@example.org"', "email_format", "email"],
      [
        "with a control character",
        "email,name",
        "a@example.org,Ki\u0007m",
        "control_characters",
        "name",
      ],
      ["with an unknown user", "User ID", "nobody", "user_id_must_exist", "User ID"],
      ["with a bad DID", "identity", "did:nothing", "did_format", "identity"],
      [
        "with an unknown badge",
        "email,Badge",
        "a@example.org,No Such Badge",
        "org_scope_matches_badge_definition",
        "Badge",
      ],
      [
        "with an inactive badge",
        "email,badge",
        "a@example.org,Asleep",
        "inactive_badge_not_evaluated",
        "badge",
      ],
      [
        "with a badge for others",
        "email,badge",
        "a@example.org,For Mentors",
        "eligibility_role_check",
        "email",
      ],
      [
        "of a suspended member",
        "email",
        "suspended@example.org",
        "award_only_to_active_users",
        "email",
      ],
      [
        "with a tier that is no number",
        "email,Tier",
        "a@example.org,gold",
        "tier_level_positive_integer",
        "Tier",
      ],
      ["with tier 0", "email,Tier", "a@example.org,0", "tier_level_positive_integer", "Tier"],
      [
        "with a fraction of a tier",
        "email,Tier",
        "a@example.org,1.5",
        "tier_level_positive_integer",
        "Tier",
      ],
      [
        "with a tier where there are none",
        "email,Tier",
        "a@example.org,2",
        "tier_level_without_tiers",
        "Tier",
      ],
      [
        "with evidence that is no address",
        "email,Evidence",
        "a@example.org,report.pdf",
        "evidence_valid",
        "Evidence",
      ],
      [
        "with a script as evidence",
        "email,Evidence",
        "a@example.org,javascript:alert(1)",
        "evidence_valid",
        "Evidence",
      ],
      [
        "with a date that is none",
        "email,Expires at",
        "a@example.org,2027-02-30",
        "time_format",
        "Expires at",
      ],
      [
        "with a date of another order",
        "email,Expires at",
        "a@example.org,31.12.2027",
        "time_format",
        "Expires at",
      ],
      [
        "with a date that has passed",
        "email,Expires at",
        "a@example.org,2020-01-01",
        "expires_at_in_future",
        "Expires at",
      ],
      [
        "with more cells than the heading",
        "email,name",
        "a@example.org,Doe, Jane",
        "cells_beyond_heading",
        null,
      ],
    ];

  it.each(cases)(
    "%s is refused by code and field, and others go on",
    async (_w, heading, row, code, field) => {
      const { run, rows, t, organization, count } = await importing();
      await givenBadge(t.env, organization, { name: "Asleep", status: "inactive" });
      await givenBadge(t.env, organization, { name: "For Mentors", eligibility_roles: ["mentor"] });
      await givenPerson(t.env, organization, {
        email: "suspended@example.org",
        status: "suspended",
      });
      const good = heading.startsWith("email")
        ? "good@example.org"
        : heading === "identity"
          ? "email:good@example.org"
          : (await givenPerson(t.env, organization)).user.id;
      const query = /badge/i.test(heading) ? "" : undefined;
      const names = /badge/i.test(heading) ? `${good},First Session` : good;
      const ended = await run(`${heading}\n${row}\n${names}\n`, query);
      expect(ended).toMatchObject({ state: "done", awarded: 1, refused: 1 });
      const [refused, awarded] = await rows(ended.id);
      expect(refused).toMatchObject({ line: 2, outcome: "refused", code, field, award: null });
      expect(refused?.detail).toMatch(/[A-Z].*[.]/);
      expect(awarded).toMatchObject({ line: 3, outcome: "awarded" });
      expect(await count("badge_issues")).toBe(1);
    },
  );

  it("says all that an award can say", async () => {
    const { run, rows, get, t, organization } = await importing();
    const { user } = await givenPerson(t.env, organization, { email: "noor@example.org" });
    const tiered = await givenBadge(t.env, organization, {
      name: "Streak",
      max_awards_per_user: 2,
    });
    await t.env.db.batch([
      {
        sql: "insert into badge_tiers values (?, 1, 'Bronze', 1), (?, 2, 'Silver', 2)",
        params: [tiered.id, tiered.id],
      },
    ]);
    const ended = await run(
      [
        "user,identity,Name,BADGE,Tier level,Evidence URL,narrative,Expires",
        `${user.id},,,First Session,,https://a.example/1 https://a.example/2,"Said ""yes"",\nand did it.",2027-01-31`,
        `,https://kim.example/,Kim,${tiered.id},2,,,never`,
        ",telephone:+16175551212,Ari,First Session,,,,2027-01-31T00:00:00+02:00",
      ].join("\r\n"),
      "",
    );
    expect(ended).toMatchObject({ awarded: 3, refused: 0 });
    const awards = [];
    for (const { award } of await rows(ended.id)) {
      awards.push(await (await get(`/awards/${award?.id}`)).json());
    }
    expect(awards).toEqual([
      expect.objectContaining({
        user: user.id,
        evidence: [{ id: "https://a.example/1" }, { id: "https://a.example/2" }],
        narrative: 'Said "yes",\nand did it.',
        expires_at: "2027-01-31T23:59:59.999Z",
      }),
      expect.objectContaining({
        recipient: { type: "url", name: "Kim" },
        tier_level: 2,
        expires_at: null,
      }),
      expect.objectContaining({
        recipient: { type: "telephone", name: "Ari" },
        expires_at: "2027-01-30T22:00:00.000Z",
      }),
    ]);
  });
});

describe("sent again", () => {
  it.each([
    ["a badge for once", 1],
    ["a badge for as often as one likes", null],
    ["a badge for three times", 3],
  ])("%s: everybody holds it, nobody twice", async (_name, max) => {
    const { run, count } = await importing({ max_awards_per_user: max });
    const csv = people(120);
    expect(await run(csv)).toMatchObject({ awarded: 120, held: 0 });
    expect(await run(csv)).toMatchObject({ awarded: 0, held: 120 });
    expect(await run(`${csv}${people(2, 200).split("\n").slice(1).join("\n")}`)).toMatchObject({
      awarded: 2,
      held: 120,
    });
    expect(await count("badge_issues")).toBe(122);
  });

  it("one person in several spellings of the address is one person", async () => {
    const { run, rows, count } = await importing();
    const ended = await run("email\nkim@example.org\nKIM@example.org \n kim@Example.org\n");
    expect(ended).toMatchObject({ awarded: 1, held: 2 });
    const all = await rows(ended.id);
    expect(all.map(({ code }) => code)).toEqual([
      null,
      "max_awards_per_user_enforced",
      "max_awards_per_user_enforced",
    ]);
    expect(new Set(all.map(({ award }) => award?.page)).size).toBe(1);
    expect(await count("badge_issues")).toBe(1);
  });

  it("tiers only ever rise", async () => {
    const { run, rows, t, badge } = await importing({ max_awards_per_user: null });
    await t.env.db.batch([
      {
        sql: "insert into badge_tiers values (?, 1, 'Bronze', 1), (?, 2, 'Silver', 2)",
        params: [badge.id, badge.id],
      },
    ]);
    const csv =
      "email,tier\nkim@example.org,1\nkim@example.org,2\nkim@example.org,1\nari@example.org,2\n";
    const foreseen = await run(csv, `badge=${badge.id}&dry_run=true`);
    expect(foreseen).toMatchObject({ awarded: 3, held: 1 });
    const ended = await run(csv);
    expect(ended).toMatchObject({ awarded: 3, held: 1 });
    expect((await rows(ended.id))[2]).toMatchObject({
      code: "tier_level_monotonically_increasing",
    });
  });
});

describe("a dry run", () => {
  it("says what would happen, and writes nothing but its own rows", async () => {
    const { run, rows, t, badge } = await importing();
    await run("email\nheld@example.org\n");
    const before = await t.env.db.read({
      sql: "select (select count(*) from users), (select count(*) from badge_issues), (select count(*) from identities), (select group_concat(status) from badges)",
      params: [],
    });
    const csv = "email\nheld@example.org\nnew@example.org\nnew@example.org\nnonsense\n";
    const foreseen = await run(csv, `badge=${badge.id}&dry_run=true`);
    expect(foreseen).toMatchObject({
      dry_run: true,
      state: "done",
      awarded: 1,
      held: 2,
      refused: 1,
    });
    const all = await rows(foreseen.id);
    expect(all.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["held", "max_awards_per_user_enforced"],
      ["awarded", null],
      ["held", "badge_held"],
      ["refused", "email_format"],
    ]);
    expect(all[1]?.award).toBeNull();
    const after = await t.env.db.read({
      sql: "select (select count(*) from users), (select count(*) from badge_issues), (select count(*) from identities), (select group_concat(status) from badges)",
      params: [],
    });
    expect(after.rows).toEqual(before.rows);
    expect(await run(csv)).toMatchObject({ awarded: 1, held: 2, refused: 1 });
  });
});

describe("the result", () => {
  it("is a file with the columns that were sent, that runs no formula and can be sent again", async () => {
    const { run, get } = await importing();
    const csv =
      'email;name;note\nkim@example.org;"=HYPERLINK(""http://evil.example"")";+1\nwrong;Ari;-2\n';
    const ended = await run(csv);
    const response = await get(`/imports/${ended.id}/result.csv`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toContain("attachment");
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const file = readCsv(bytes);
    if (!file.ok) throw new Error(file.fault.code);
    expect(file.heading.cells).toEqual([
      "email",
      "name",
      "note",
      "outcome",
      "code",
      "reason",
      "award",
    ]);
    expect(file.rows.map(({ cells }) => cells)).toEqual([
      [
        "kim@example.org",
        `'=HYPERLINK("http://evil.example")`,
        "'+1",
        "awarded",
        "",
        "",
        expect.stringMatching(/^https:\/\/badges\.example\.org\/b\/[0-9a-f]{40}$/),
      ],
      ["wrong", "Ari", "'-2", "refused", "email_format", expect.stringContaining("email: "), ""],
    ]);
    const text = new TextDecoder().decode(bytes).replace("wrong", "ari@example.org");
    const again = await run(text);
    expect(again).toMatchObject({ awarded: 1, held: 1, reading: { unknown_columns: ["note"] } });
    const last = await (await get(`/imports/${again.id}/result.csv`)).text();
    expect(last.split("\r\n")[0]).toBe("email;name;note;outcome;code;reason;award");
  });

  it("is as long as the file, however long that is", async () => {
    const { run, get, badge } = await importing();
    const ended = await run(people(2_345), `badge=${badge.id}&dry_run=true`);
    const text = await (await get(`/imports/${ended.id}/result.csv`)).text();
    expect(text.trimEnd().split("\r\n")).toHaveLength(2_346);
  });
});

describe("watching", () => {
  it("rows come in pages, in the order of the file, by outcome where asked", async () => {
    const { run, get, rows } = await importing();
    const ended = await run(
      `${people(5)}nonsense,x\n${people(2, 10).split("\n").slice(1).join("\n")}`,
    );
    const lines: number[] = [];
    let path: string | null = `/imports/${ended.id}/rows?limit=3`;
    while (path !== null) {
      const page: { data: { line: number }[]; next_cursor: string | null } = await (
        await get(path)
      ).json();
      lines.push(...page.data.map(({ line }) => line));
      path = page.next_cursor && `/imports/${ended.id}/rows?limit=3&cursor=${page.next_cursor}`;
    }
    expect(lines).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await rows(ended.id, "outcome=refused")).map(({ line }) => line)).toEqual([7]);
  });

  it("a key that only reads awards sees counts and no addresses", async () => {
    const { run, t, organization } = await importing();
    const { id } = await run(people(1));
    const key = await givenApiKey(t.env, organization, ["awards:read"]);
    const read = (path: string) =>
      t.request(`/api/v1/imports${path}`, { headers: { authorization: `Bearer ${key}` } });
    for (const path of ["", `/${id}`]) {
      const answer = await read(path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toContain("person-0");
    }
    for (const path of [`/${id}/rows`, `/${id}/result.csv`]) {
      expect((await read(path)).status).toBe(403);
    }
  });

  it("a cancelled import goes no further, and what was awarded stays", async () => {
    const { send, drain, post, get, count } = await importing();
    const { id } = (await (await send(people(3))).json()) as ShownImport;
    const cancelled = await post(`/imports/${id}/cancel`);
    expect(cancelled.status).toBe(200);
    expect(await cancelled.json()).toMatchObject({ state: "cancelled" });
    await drain();
    expect(await count("badge_issues")).toBe(0);
    expect(await (await get(`/imports/${id}`)).json()).toMatchObject({
      state: "cancelled",
      done: 0,
    });
    expect((await post(`/imports/${id}/cancel`)).status).toBe(200);
  });

  it("what has ended cannot be cancelled", async () => {
    const { run, post } = await importing();
    const { id } = await run(people(1));
    const response = await post(`/imports/${id}/cancel`);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: "import-finished" });
  });

  it("more rows than one slice, and than one run of the job", async () => {
    const { run, badge } = await importing();
    for (const count of [SLICE_ROWS - 1, SLICE_ROWS, SLICE_ROWS + 1, 2 * SLICE_ROWS]) {
      expect(await run(people(count), `badge=${badge.id}&dry_run=true`)).toMatchObject({
        state: "done",
        awarded: count,
      });
    }
  });
});

describe("told to others", () => {
  it("an import that has ended is announced once, with ids alone; a dry run is not", async () => {
    const { run, t, organization, badge } = await importing();
    const key = await givenApiKey(t.env, organization);
    const endpoint = await t.request("/api/v1/webhook-endpoints", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ url: "https://hooks.example.net/in", events: ["import.completed"] }),
    });
    expect(endpoint.status).toBe(201);
    const announced = async () => {
      const { rows } = await t.env.db.read({
        sql: "select type, data from webhook_deliveries where type = 'import.completed'",
        params: [],
      });
      return rows.map(([type, data]) => [type, JSON.parse(String(data))]);
    };
    await run(people(60), `badge=${badge.id}&dry_run=true`);
    expect(await announced()).toEqual([]);
    const { id } = await run(people(60));
    expect(await announced()).toEqual([
      ["import.completed", { organization: organization.id, import: id }],
    ]);
  });
});
