// The OpenAPI document: whole, in its own terms, and true of what is answered.
import { describe, expect, it } from "vitest";
import { curlOf } from "../../src/api/docs.tsx";
import { openApiDocument } from "../../src/api/document.ts";
import { OPERATIONS } from "../../src/api/resources.ts";
import { apiRoutes } from "../../src/api/routes.ts";
import { SCOPES } from "../../src/auth.ts";
import { PROBLEMS } from "../../src/problem.ts";
import { TEST_ORIGIN, testApp } from "../app.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Members = { [name: string]: Json };

const isObject = (value: Json | undefined): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const membersOf = (value: Json | undefined): Members => (isObject(value) ? value : {});

async function served(): Promise<Members> {
  const t = await testApp();
  const response = await t.request("/openapi.json");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("application/json");
  return (await response.json()) as Members;
}

/** Every object in the document with the place it is at. */
function* walk(node: Json, at = "#"): Generator<[string, Members]> {
  if (Array.isArray(node)) for (const [i, item] of node.entries()) yield* walk(item, `${at}/${i}`);
  if (!isObject(node)) return;
  yield [at, node];
  for (const [name, value] of Object.entries(node)) {
    yield* walk(value, `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
}

function at(document: Members, reference: string): Json | undefined {
  return reference
    .slice(2)
    .split("/")
    .reduce<Json | undefined>(
      (node, step) => membersOf(node)[step.replaceAll("~1", "/").replaceAll("~0", "~")],
      document,
    );
}

function operationsOf(document: Members): [string, Members][] {
  return Object.entries(membersOf(document.paths)).flatMap(([path, item]) =>
    Object.entries(membersOf(item)).map(([method, one]): [string, Members] => [
      `${method.toUpperCase()} ${path}`,
      membersOf(one),
    ]),
  );
}

/** What anybody may ask, and what is signed by its sender. */
const WITHOUT_A_KEY: ReadonlySet<string> = new Set([
  "POST /api/v1/verifications",
  "POST /api/v1/event-sources/{id}/events",
]);

describe("openapi.json", () => {
  it("is OpenAPI 3.1, at this installation's address, with a bearer key", async () => {
    const document = await served();
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.servers).toEqual([{ url: TEST_ORIGIN }]);
    expect(membersOf(document.info)).toMatchObject({ title: "Rosette" });
    expect(at(document, "#/components/securitySchemes/key")).toMatchObject({
      type: "http",
      scheme: "bearer",
    });
    expect(at(document, "#/components/securitySchemes/session")).toMatchObject({
      type: "apiKey",
      in: "cookie",
      name: "__Host-session",
    });
  });

  it("every reference in it leads somewhere", async () => {
    const document = await served();
    const references = [...walk(document)].flatMap(([place, { $ref }]) =>
      typeof $ref === "string" ? [[place, $ref] as const] : [],
    );
    expect(references.length).toBeGreaterThan(50);
    for (const [place, reference] of references) {
      expect([place, reference, isObject(at(document, reference))]).toEqual([
        place,
        reference,
        true,
      ]);
    }
  });

  it("every operation has an id of its own, words, a scope, and its answers", async () => {
    const operations = operationsOf(await served());
    expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(
      operations.length,
    );
    for (const [name, operation] of operations) {
      const responses = membersOf(operation.responses);
      const scopes = [operation.security].flat().flatMap((one) => membersOf(one).key ?? []);
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/^[A-Z][^.]+$/)]);
      // Whoever may ask without a key is named here, so that none is left open by mistake.
      const isOpen = WITHOUT_A_KEY.has(name);
      expect([name, scopes.length, SCOPES]).toEqual([
        name,
        isOpen ? 0 : 1,
        expect.arrayContaining(scopes),
      ]);
      expect([name, Object.keys(responses)]).toEqual([
        name,
        expect.arrayContaining(isOpen ? ["422", "503"] : ["401", "403", "422", "503"]),
      ]);
      expect([name, Object.keys(responses).some((status) => status.startsWith("2"))]).toEqual([
        name,
        true,
      ]);
      for (const response of Object.values(responses)) {
        expect([name, membersOf(response).description]).toEqual([
          name,
          expect.stringMatching(/.+/),
        ]);
      }
    }
  });

  it("every path parameter is declared and required, and no other", async () => {
    for (const [name, { parameters }] of operationsOf(await served())) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = [parameters ?? []]
        .flat()
        .map(membersOf)
        .filter((parameter) => parameter.in === "path");
      expect([name, declared.map((parameter) => parameter.name).sort()]).toEqual([
        name,
        inPath.sort(),
      ]);
      expect(declared.every(({ required }) => required === true)).toBe(true);
    }
  });

  it("every problem's example has a known code, its status, and the address of its page", async () => {
    const t = await testApp();
    let seen = 0;
    for (const [name, { responses }] of operationsOf(await served())) {
      for (const [status, response] of Object.entries(membersOf(responses))) {
        const content = membersOf(membersOf(response).content)["application/problem+json"];
        for (const [code, example] of Object.entries(membersOf(membersOf(content).examples))) {
          const { value } = membersOf(example);
          expect([name, membersOf(value)]).toEqual([
            name,
            expect.objectContaining({
              code,
              status: Number(status),
              type: t.env.urls.problem(code),
            }),
          ]);
          expect(Object.keys(PROBLEMS)).toContain(code);
          seen++;
        }
      }
    }
    expect(seen).toBeGreaterThan(100);
  });

  it("every JSON body has an example that its own schema takes", () => {
    for (const { id, body, example } of OPERATIONS) {
      if (!body) continue;
      expect([id, body.safeParse(example).error?.issues]).toEqual([id, undefined]);
    }
  });

  it("object schemas of bodies refuse members they do not name", async () => {
    const document = await served();
    for (const [name, operation] of operationsOf(document)) {
      const content = membersOf(membersOf(operation.requestBody).content)["application/json"];
      const { schema } = membersOf(content);
      if (schema === undefined) continue;
      const resolved = (one: Json | undefined) => {
        const { $ref } = membersOf(one);
        return membersOf(typeof $ref === "string" ? at(document, $ref) : one);
      };
      const body = resolved(schema);
      for (const one of Array.isArray(body.anyOf) ? body.anyOf : [body]) {
        expect([name, resolved(one).additionalProperties]).toEqual([name, false]);
      }
    }
  });
});

describe("/docs", () => {
  it("shows every operation, with a call to copy, and needs no script", async () => {
    const t = await testApp();
    const response = await t.request("/docs");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).not.toMatch(/<script|\son\w+=|javascript:/i);
    expect(html).not.toMatch(/(?:src|<link[^>]*href)="https?:/);
    for (const { id, path } of OPERATIONS) {
      expect(html).toContain(`id="${id}"`);
      expect(html).toContain(`/api/v1${path}`);
    }
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, anchor] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(anchor);
  });

  it("links to a page for every problem it names", async () => {
    const t = await testApp();
    const html = await (await t.request("/docs")).text();
    const pages = new Set(
      [...html.matchAll(/href="(\/problems\/[^"]+)"/g)].map((match) => match[1]),
    );
    expect(pages.size).toBeGreaterThan(15);
    for (const page of pages) {
      expect([page, (await t.request(page ?? "")).status]).toEqual([page, 200]);
    }
  });

  it("writes a call a shell can run", async () => {
    const t = await testApp();
    const document = openApiDocument(t.env, OPERATIONS);
    const operation = document.paths?.["/api/v1/users/{id}/identities"]?.post;
    if (!operation) throw new Error("the operation is not described");
    expect(
      curlOf(document, { method: "POST", path: "/api/v1/users/{id}/identities", operation }),
    ).toBe(
      `curl -X POST ${TEST_ORIGIN}/api/v1/users/ID/identities \\
  -H "Authorization: Bearer $ROSETTE_KEY" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -H "Content-Type: application/json" \\
  -d '{
      "type": "email",
      "identity": "kim@example.org"
  }'`,
    );
  });
});

describe.each(["/openapi.json", "/docs"])("%s", (path) => {
  it.each(["OPTIONS", "POST", "PUT", "DELETE"])("is read only: %s is 405", async (method) => {
    const { env } = await testApp();
    const response = await apiRoutes(env).request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(await response.json()).toMatchObject({ code: "method-not-allowed" });
  });
});
