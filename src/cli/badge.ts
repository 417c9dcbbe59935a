// `rosette badge`: define what can be awarded, and look at what is defined.
import { basename } from "node:path";
import { detectKind } from "../bakery/detect.ts";
import { slugOf } from "../issuer/organization.ts";
import { readInput } from "./files.ts";
import { given } from "./given.ts";
import { type Api, type Document, withInstallation } from "./installation.ts";
import { each, listAll, printTable, text } from "./listing.ts";
import { EXIT, Failure, UsageError, type Verb } from "./verb.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const badgeCreate: Verb = {
  operands: "",
  summary: "Define a badge",
  about:
    "Without --image the badge gets art made from its name. --from reads further members of the\n" +
    "API's badge (criteria, tiers, expiry, …) from a JSON file; options win over it.",
  options: {
    name: { type: "string", value: "NAME", help: "Its name, unique in the organization" },
    description: { type: "string", value: "TEXT", help: "What it says about its earner" },
    criteria: { type: "string", value: "TEXT", help: "What must be done to earn it; Markdown" },
    image: { type: "string", value: "FILE", help: "A PNG or SVG" },
    category: {
      type: "string",
      value: "CATEGORY",
      help: "activity_milestone, recognition or certification",
    },
    tag: { type: "string", multiple: true, value: "TAG", help: "May be given several times" },
    from: { type: "string", value: "FILE", help: "JSON with members of the API's badge" },
  },
  examples: [
    'badge create --name "First Activity" --description "Ran a first session." --criteria "Run one mentoring session."',
    "badge create --from badge.json --image badge.png",
  ],
  remote: true,
  run: (call) => {
    const { options, out } = call;
    const { criteria, ...body } = given(options, ["name", "description", "category", "criteria"]);
    const tags = options.texts("tag");
    const read = members(options.text("from"));
    const whole = {
      ...read,
      ...body,
      ...(criteria === undefined ? {} : { criteria: { ...read.criteria, narrative: criteria } }),
      ...(tags.length > 0 ? { tags } : {}),
    };
    const file = options.text("image");
    const picture = file === undefined ? null : pictureIn(file);
    return withInstallation(call, async ({ api }) => {
      const image =
        picture === null ? {} : { image: text(await api("POST", picture.path, picture), "id") };
      const made = await api("POST", "/badges", { body: { ...whole, ...image } });
      out.line(`Defined ${text(made, "name")}\n  Id  ${text(made, "id")}`);
      out.document(made);
      return EXIT.done;
    });
  },
};

/** The members of a JSON object in a file; none where no file is named. */
export function members(file: string | undefined): { readonly criteria?: object } {
  if (file === undefined) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(readInput(file)));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const detail = `${file} must hold one JSON object.`;
  throw new Failure(detail, { code: "not-an-object", detail });
}

function pictureIn(path: string) {
  const bytes = readInput(path);
  const kind = detectKind(bytes);
  if (kind !== "png" && kind !== "svg") {
    const detail = `${path} is neither a PNG nor an SVG.`;
    throw new Failure(`${detail}\n  Save the picture as one of the two.`, {
      code: "not-a-picture",
      detail,
    });
  }
  return {
    path: `/images?name=${encodeURIComponent(basename(path))}`,
    file: { mediaType: kind === "png" ? "image/png" : "image/svg+xml", bytes },
  };
}

export const badgeList: Verb = {
  operands: "",
  summary: "List the badges",
  options: {},
  examples: ["badge list", "badge list --json"],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      printTable(call.out, await listAll(api, "/badges"), ["id", "status", "name"]);
      return EXIT.done;
    }),
};

export const badgeShow: Verb = {
  operands: "BADGE",
  summary: "Show a badge, by its id or its exact name",
  options: {},
  examples: ['badge show "First Activity"'],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const badge = await findBadge(api, call.operands[0] ?? "");
      for (const [name, value] of Object.entries(badge)) {
        call.out.line(`${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
      }
      call.out.document(badge);
      return EXIT.done;
    }),
};

/**
 * The badge with this id, or the one of this exact name that is not archived, or the only one whose
 * name is so in small letters with hyphens: `first-activity` for First Activity.
 */
export async function findBadge(api: Api, named: string): Promise<Document> {
  if (named === "") throw new UsageError("BADGE is empty: give a badge's id or its exact name.");
  if (UUID.test(named)) return api("GET", `/badges/${named}`);
  const exact = await api("GET", `/badges?name=${encodeURIComponent(named)}`);
  const found = Array.isArray(exact.data) ? (exact.data as Document[]) : [];
  const [only] = found.filter(({ status }) => status !== "archived");
  if (only) return only;
  const names: string[] = [];
  const hyphened: Document[] = [];
  for await (const badge of each(api, "/badges")) {
    if (badge.status === "archived") continue;
    names.push(text(badge, "name"));
    if (slugOf(text(badge, "name")) === named) hyphened.push(badge);
  }
  const [meant] = hyphened;
  if (meant !== undefined && hyphened.length === 1) return meant;
  throw new Failure(
    `There is no badge named ${JSON.stringify(named)}.\n  ${nearest(named, names)}`,
    {
      code: "not-found",
      detail: `There is no badge named ${named}.`,
    },
  );
}

/** A slip of the shift key is the likeliest; else all there are, if they are few. */
function nearest(named: string, names: readonly string[]): string {
  const alike = names.find((name) => name.toLowerCase() === named.toLowerCase());
  if (alike !== undefined) return `Did you mean ${JSON.stringify(alike)}?`;
  if (names.length === 0) return "There are none yet: `rosette badge create` defines one.";
  return names.length <= 10
    ? `There are: ${names.map((name) => JSON.stringify(name)).join(", ")}.`
    : "`rosette badge list` shows all.";
}
