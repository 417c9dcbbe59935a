// The image registry over the API: what is taken in, what is refused, each status of each operation.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenApiKey, givenOrganization, PLAIN_SVG } from "../given.ts";
import { type Asked, asking, chunked, everything } from "./ask.ts";

const SVG = { "content-type": "image/svg+xml" };
const bytes = (text: string) => new TextEncoder().encode(text);

async function own() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const ask = asking(t, await givenApiKey(t.env, organization));
  return { t, organization, ask };
}

function form(file: Blob | string, part = "file", name = "Streak.svg"): FormData {
  const data = new FormData();
  if (typeof file === "string") data.set(part, file);
  else data.set(part, file, name);
  return data;
}

describe("POST /images", () => {
  it("takes an SVG as the body, whole or in chunks: the same picture is one picture", async () => {
    const { t, ask } = await own();
    const made = await ask("POST", "/images?name=Streak.svg", {
      raw: bytes(PLAIN_SVG),
      headers: SVG,
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      name: "Streak.svg",
      media_type: "image/svg+xml",
      size: PLAIN_SVG.length,
      origin: "upload",
    });
    expect(made.headers.get("location")).toBe(`/api/v1/images/${made.json.id}`);
    const before = await everything(t);
    const again = await ask("POST", "/images", {
      raw: chunked(bytes(PLAIN_SVG), 10),
      headers: SVG,
    });
    expect([again.status, again.json.id]).toEqual([200, made.json.id]);
    expect(await everything(t)).toBe(before);
    const got = await ask("GET", `/images/${made.json.id}`);
    const { warnings, ...shown } = made.json;
    expect(warnings).toEqual([]);
    expect(got.json).toEqual(shown);
    expect((await ask("GET", "/images")).json.data).toEqual([shown]);
    const tag = got.headers.get("etag") ?? "";
    const same = await ask("GET", `/images/${made.json.id}`, { headers: { "if-none-match": tag } });
    expect(same.status).toBe(304);
  });

  it("takes a form with the part file, under the file's name", async () => {
    const { ask } = await own();
    const file = new Blob([PLAIN_SVG], { type: "image/svg+xml" });
    const made = await ask("POST", "/images", { raw: form(file) });
    expect(made.status).toBe(201);
    expect(made.json.name).toBe("Streak.svg");
  });

  it("many uploads of one picture at once are one picture", async () => {
    const { t, ask } = await own();
    const said = await Promise.all(
      Array.from({ length: 10 }, () =>
        ask("POST", "/images", { raw: bytes(PLAIN_SVG), headers: SVG }),
      ),
    );
    expect(said.every(({ status }) => status === 201 || status === 200)).toBe(true);
    expect(new Set(said.map(({ json }) => json.id)).size).toBe(1);
    const { rows } = await t.env.db.read({ sql: "select count(*) from images", params: [] });
    expect(Number(rows[0]?.[0])).toBe(1);
  });

  const LIMIT = 2_097_152;
  const boundary = { "content-type": "multipart/form-data; boundary=x" };

  it.each<[string, Asked, number, string]>([
    ["JSON", { body: {} }, 415, "unsupported-media-type"],
    [
      "a JPEG by its type",
      { raw: bytes("x"), headers: { "content-type": "image/jpeg" } },
      415,
      "unsupported-media-type",
    ],
    ["no type", { raw: bytes(PLAIN_SVG) }, 415, "unsupported-media-type"],
    [
      "text called a picture",
      { raw: bytes("hello"), headers: { "content-type": "image/png" } },
      415,
      "image-not-supported",
    ],
    [
      "an SVG with a script",
      { raw: bytes(PLAIN_SVG.replace("<circle", "<script>1</script><circle")), headers: SVG },
      422,
      "svg-active-content",
    ],
    ["one byte too many", { raw: new Uint8Array(LIMIT + 1), headers: SVG }, 413, "body-too-large"],
    [
      "one byte too many, in chunks",
      { raw: chunked(new Uint8Array(LIMIT + 1), 65_536), headers: SVG },
      413,
      "body-too-large",
    ],
    [
      "a form with too large a file",
      { raw: form(new Blob([new Uint8Array(LIMIT + 1)])) },
      413,
      "image-too-large",
    ],
    ["a form without end", { raw: bytes("--x\r\n"), headers: boundary }, 400, "form-malformed"],
    [
      "a form without boundary",
      { raw: bytes("--x--\r\n"), headers: { "content-type": "multipart/form-data" } },
      400,
      "form-malformed",
    ],
    [
      "a form without the part",
      { raw: form(new Blob([PLAIN_SVG]), "picture") },
      422,
      "invalid-request",
    ],
    ["a form with text for a file", { raw: form(PLAIN_SVG) }, 422, "invalid-request"],
  ])("refuses %s, and stores nothing", { timeout: 5_000 }, async (_name, asked, status, code) => {
    const { t, ask } = await own();
    const before = await everything(t);
    const said = await ask("POST", "/images", asked);
    expect([said.status, said.json.code]).toEqual([status, code]);
    expect(said.json.fix).not.toBe("");
    expect(await everything(t)).toBe(before);
  });

  it("refuses an unknown parameter", async () => {
    const { ask } = await own();
    const said = await ask("POST", "/images?title=x", { raw: bytes(PLAIN_SVG), headers: SVG });
    expect(said.json.errors).toMatchObject([{ parameter: "title", code: "unknown_field" }]);
  });
});
