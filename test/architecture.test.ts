// Holds the plan of the house: which room may import what, and what no room may touch.
/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";

const SOURCES: Record<string, string> = import.meta.glob("../src/**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

interface Import {
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

/** `import`, `export … from` and `import()` of one file; targets inside src/ as paths from it. */
function importsOf(file: string, source: string): Import[] {
  const found: Import[] = [];
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^"';]*?)\s*from\s+"([^"]+)"|(?:^|\n)\s*import\s+"([^"]+)"|import\("([^"]+)"\)/g;
  for (const match of source.matchAll(pattern)) {
    const specifier = match[3] ?? match[4] ?? match[5];
    if (specifier === undefined) continue;
    const names = match[2] ?? "";
    const allTypes =
      /^\{[^}]*\}$/.test(names) &&
      !names
        .replace(/\{|\}/g, "")
        .split(",")
        .some((name) => name.trim() !== "" && !name.trim().startsWith("type "));
    found.push({
      from: file,
      target: specifier.startsWith(".") ? resolve(file, specifier) : specifier,
      typeOnly: match[1] !== undefined || allTypes,
    });
  }
  return found;
}

function resolve(file: string, specifier: string): string {
  const parts = file.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") parts.pop();
    else if (step !== ".") parts.push(step);
  }
  return parts.join("/");
}

const FILES = Object.entries(SOURCES).map(([path, source]) => ({
  path: path.replace("../src/", ""),
  source,
}));
const IMPORTS = FILES.flatMap(({ path, source }) => importsOf(path, source));

const roomOf = (path: string) => (path.includes("/") ? (path.split("/")[0] ?? "") : "");
const isOurs = (target: string) => /\.tsx?$/.test(target);
const isRoutes = (path: string) => /(^|\/)routes\.tsx?$/.test(path);
const ENTRY_ROOMS = new Set(["runtime", "cli"]);
const knowsPlatform = (path: string) => ENTRY_ROOMS.has(roomOf(path));

/** Root files any room may use: they know no room themselves, or only its types. */
const LEAVES = new Set([
  "env.ts",
  "problem.ts",
  "request-body.ts",
  "urls.ts",
  "html-text.ts",
  "ids.ts",
  "language.ts",
  "log.ts",
  "piece-stream.ts",
  "strict-json.ts",
  "config.ts",
  "anew.ts",
  "auth.ts",
  "beginning.ts",
  "email-address.ts",
  "linkable.ts",
  "markdown.ts",
  "derived-key.ts",
  "seal.ts",
  "standing.ts",
  "standard-webhooks.ts",
  "time-zone.ts",
]);

/** What the files of a room may import, besides the room itself, the leaves and types. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  bakery: [],
  csv: [],
  claim: ["db", "issuer", "signin", "net"],
  db: [],
  obv2: [],
  obv3: [],
  jobs: ["db"],
  issuer: ["db", "jobs", "obv2", "obv3", "bakery"],
  api: [
    "csv",
    "db",
    "issuer",
    "obv2",
    "obv3",
    "jobs",
    "mail",
    "verify",
    "net",
    "signin",
    "webhooks",
  ],
  webhooks: ["db", "jobs", "net", "issuer", "mail"],
  signin: ["db", "jobs", "net"],
  mail: ["db", "jobs", "issuer", "obv2", "bakery"],
  oauth: ["db", "jobs", "net"],
  net: [],
  verify: ["net", "obv2", "obv3", "bakery"],
  backpack: ["oauth", "verify", "obv2", "obv3", "bakery", "jobs", "db", "net"],
  host: ["verify", "obv2", "jobs", "db", "net"],
  simulator: ["db"],
  pages: [],
  desk: ["db", "issuer", "jobs", "signin", "api", "mail", "webhooks", "net", "obv2", "backpack"],
  recipient: [
    "bakery",
    "db",
    "issuer",
    "jobs",
    "signin",
    "api",
    "mail",
    "webhooks",
    "net",
    "obv2",
    "backpack",
  ],
  catalog: ["db", "issuer", "jobs", "signin", "api", "mail", "webhooks", "net", "obv2", "backpack"],
};

const show = (found: readonly Import[]) => found.map(({ from, target }) => `${from} -> ${target}`);

describe("rooms and directions", () => {
  it("finds the sources it judges", () => {
    expect(FILES.length).toBeGreaterThan(20);
    expect(IMPORTS.length).toBeGreaterThan(FILES.length);
  });

  it("every folder of src is a room of the plan", () => {
    const rooms = new Set(FILES.map(({ path }) => roomOf(path)));
    const known = new Set(["", ...ENTRY_ROOMS, ...Object.keys(ROOMS)]);
    expect([...rooms].filter((room) => !known.has(room))).toEqual([]);
  });

  it.each(Object.entries(ROOMS))("%s imports only what it may", (room, allowed) => {
    const strangers = IMPORTS.filter(({ from, target, typeOnly }) => {
      if (roomOf(from) !== room || isRoutes(from) || !isOurs(target)) return false;
      if (roomOf(target) === room || allowed.includes(roomOf(target))) return false;
      if (room === "bakery" || room === "csv" || room === "db") return true;
      return !(typeOnly || LEAVES.has(target));
    });
    expect(show(strangers)).toEqual([]);
  });

  it("db knows drizzle and nothing else from outside", () => {
    const strangers = IMPORTS.filter(
      ({ from, target }) =>
        roomOf(from) === "db" && !isOurs(target) && !target.startsWith("drizzle-orm"),
    );
    expect(show(strangers)).toEqual([]);
  });

  it("only app.ts mounts a room's routes, but for pages' own questions to the API", () => {
    const strangers = IMPORTS.filter(
      ({ from, target }) =>
        isOurs(target) && isRoutes(target) && from !== "app.ts" && from !== "api/ask.ts",
    );
    expect(show(strangers)).toEqual([]);
  });

  it("only routes, the api room and the frame know Hono; pages know its JSX", () => {
    const frame = new Set([
      "app.ts",
      "answer.ts",
      "auth.ts",
      "health.ts",
      "problem.ts",
      "problem-types.ts",
    ]);
    const strangers = IMPORTS.filter(({ from, target }) => {
      if (!/^(hono|@hono)(\/|$)/.test(target)) return false;
      if (isRoutes(from) || frame.has(from) || roomOf(from) === "api" || knowsPlatform(from))
        return false;
      return !(/^hono\/(jsx|html)/.test(target) && roomOf(from) === "pages");
    });
    expect(show(strangers)).toEqual([]);
  });

  it("nobody imports runtime, but the entries themselves", () => {
    const strangers = IMPORTS.filter(
      ({ from, target }) => isOurs(target) && roomOf(target) === "runtime" && !knowsPlatform(from),
    );
    expect(show(strangers)).toEqual([]);
  });

  it("only runtime and cli import a platform or its native parts", () => {
    const platform = /^(node:|bun:|cloudflare:|sharp$|libsql$|@libsql\/|undici$|ws$)/;
    const strangers = IMPORTS.filter(
      ({ from, target }) => platform.test(target) && !knowsPlatform(from),
    );
    expect(show(strangers)).toEqual([]);
  });
});

/** Comments and strings may name what code may not touch. */
function codeOnly(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[^:])\/\/.*$/gm, "$1")
    .replace(/`(?:\\.|[^`\\])*`|"(?:\\.|[^"\\\n])*"/g, '""');
}

describe("what no room touches", () => {
  it.each([
    ["the clock", /\bDate\.now\(|new Date\(\s*\)|performance\.now\(/],
    ["chance", /Math\.random\(|crypto\.getRandomValues\(|crypto\.randomUUID\(/],
    ["the environment", /\bprocess\.|import\.meta\.env/],
    ["the network", /(^|[^.\w])fetch\(/m],
    ["timers", /\b(setTimeout|setInterval|setImmediate)\(/],
    ["the console", /\bconsole\./],
  ])("%s", (_name, pattern) => {
    const touching = FILES.filter(
      ({ path, source }) => !knowsPlatform(path) && pattern.test(codeOnly(source)),
    );
    expect(touching.map(({ path }) => path)).toEqual([]);
  });
});

describe("how files are kept", () => {
  it("none is called utils, helpers or common, none is a barrel", () => {
    const named = FILES.filter(({ path }) =>
      /(^|\/)(utils?|helpers?|common|shared|index|misc)(\.tsx?$|\/)/.test(path),
    );
    const barrels = FILES.filter(({ source }) => /^export \* from/m.test(source));
    expect([...named, ...barrels].map(({ path }) => path)).toEqual([]);
  });

  it("every file opens with a sentence that says what it is for", () => {
    const mute = FILES.filter(
      ({ source }) => !/^(#!.*\n)?(\/\/ [A-Z`].*\n|\/\*\*? ?\n? ?\*? ?[A-Z`])/.test(source),
    );
    expect(mute.map(({ path }) => path)).toEqual([]);
  });

  it("no file tells more than one story: 400 lines at most", () => {
    const long = FILES.filter(({ source }) => source.split("\n").length > 400);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});
