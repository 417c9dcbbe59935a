// `rosette evaluate` and `progress`: has the rules decide about everybody or one person, and says how far somebody is.
import { recipientOf } from "./award.ts";
import { findBadge } from "./badge.ts";
import { type Api, type Document, type Installation, withInstallation } from "./installation.ts";
import { inner, listAll, printTable, text } from "./listing.ts";
import { printable } from "./printable.ts";
import { type Call, EXIT, Failure, type OptionHelp, type Out, type Verb } from "./verb.ts";

/** People of a dry run that are printed; with --json there are more. */
const SHOWN_PEOPLE = 100;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const BADGE: OptionHelp = {
  type: "string",
  value: "BADGE",
  help: "Only this one: an id or an exact name",
};

export const evaluate: Verb = {
  operands: "",
  summary: "Award what the rules come to, to everybody or to one person",
  about:
    "A running server does so by itself: after events, every night, and when a badge becomes active. Once\n" +
    "everybody's evaluation has begun, a running server goes on with it, also when this command is stopped.",
  options: {
    badge: BADGE,
    user: {
      type: "string",
      value: "PERSON",
      help: "Only this member: an address, TYPE:VALUE or an id",
    },
    "dry-run": { type: "boolean", help: "Say who would get what, and award nothing" },
  },
  examples: [
    "evaluate --dry-run",
    'evaluate --badge "Streak Champion"',
    "evaluate --user kim@example.org",
  ],
  remote: true,
  run: (call) =>
    withInstallation(call, async (installation) => {
      const { api } = installation;
      const [badge, user] = [call.options.text("badge"), call.options.text("user")];
      const body = {
        dry_run: call.options.flag("dry-run"),
        ...(badge === undefined ? {} : { badge: text(await findBadge(api, badge), "id") }),
        ...(user === undefined ? {} : { user: await memberId(api, user) }),
      };
      const answer = await api("POST", "/evaluations", { body });
      if (user !== undefined) return sayDecisions(call.out, answer);
      return sayEnd(call, installation, await follow(installation, answer, call.out));
    }),
};

export const progress: Verb = {
  operands: "PERSON",
  summary: "Say how far a member is with each badge, and why not yet",
  about:
    "PERSON is an e-mail address, TYPE:VALUE with one of the types email, url, telephone, did, or a\nuser's id.",
  options: { badge: BADGE },
  examples: ["progress kim@example.org", 'progress kim@example.org --badge "Streak Champion"'],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const id = await memberId(api, call.operands[0] ?? "");
      const badge = call.options.text("badge");
      const data =
        badge === undefined
          ? await listAll(api, `/users/${id}/progress`)
          : [
              await api(
                "GET",
                `/badges/${text(await findBadge(api, badge), "id")}/progress?user=${id}`,
              ),
            ];
      for (const each of data) for (const line of linesOf(each)) call.out.line(line);
      if (data.length === 0) call.out.line("No active badge asks for anything.");
      call.out.document({ data });
      return EXIT.done;
    }),
};

async function memberId(api: Api, person: string): Promise<string> {
  if (UUID.test(person)) return person;
  const { identity } = recipientOf(person);
  const found = await api("GET", `/users?identity=${encodeURIComponent(identity)}`);
  const [member] = listOf(found, "data");
  if (member !== undefined) return text(member, "id");
  const detail = `Nobody in this organization is known by ${printable(person)}.`;
  throw new Failure(`${detail}\n  People are added with POST /api/v1/users, or by an award.`, {
    code: "not-found",
    detail,
  });
}

/** Until nobody is left to be evaluated. */
async function follow({ api, goOn }: Installation, begun: Document, out: Out): Promise<Document> {
  let current = begun;
  while (text(current, "state") !== "done") {
    const awards = text(current, "state") === "awarding";
    const counts = `${text(current, "people")} people looked at, ${text(current, "awarded")} awarded`;
    if (!out.json) out.progress(`${counts} …`);
    await goOn(awards ? "award.evaluate" : "award.sweep_organization");
    current = await api("GET", `/evaluations/${text(begun, "id")}`);
  }
  out.progressDone();
  return current;
}

async function sayEnd({ out }: Call, { api }: Installation, ended: Document): Promise<number> {
  if (ended.dry_run !== true) {
    out.line(`${text(ended, "people")} people looked at, ${text(ended, "awarded")} awards made`);
    out.document(ended);
    return EXIT.done;
  }
  const page = await api("GET", `/evaluations/${text(ended, "id")}/people?limit=${SHOWN_PEOPLE}`);
  const people = listOf(page, "data");
  const rows = people.flatMap((person) =>
    listOf(person, "badges").map((badge) => ({ user: person.user, ...badge })),
  );
  if (!out.json) printTable(out, rows, ["user", "badge", "tier_level"]);
  const counts = `${text(ended, "people")} people looked at, ${text(ended, "found")} awards would be made`;
  out.line(`${counts}. Nothing was.`);
  out.document({ ...ended, foreseen: people });
  return EXIT.done;
}

function sayDecisions(out: Out, answer: Document): number {
  const decisions = listOf(answer, "decisions");
  const made = answer.dry_run === true ? "would be awarded" : "awarded";
  for (const decision of decisions) {
    const why = listOf(decision, "not_yet").map((reason) => text(reason, "detail"));
    const outcome = decision.awarded === true ? made : `not awarded: ${why.join(" ")}`;
    out.line(`${printable(text(decision, "name"))}: ${printable(outcome)}`);
  }
  if (decisions.length === 0) out.line("No active badge asks for anything.");
  out.document(answer);
  return EXIT.done;
}

/** A badge with its criteria, each with its numbers, and why not yet. */
function linesOf(each: Document): string[] {
  const held = listOf(each, "held").length > 0;
  const head = `${printable(text(inner(each, "badge"), "name"))}${held ? ", held" : ""}`;
  const criteria = listOf(each, "criteria").flatMap((criterion) => [
    `  ${criterion.met === true ? "met " : "open"}  ${printable(text(criterion, "words"))}`,
    ...listOf(criterion, "params").map(
      (param) =>
        `        ${printable(text(param, "name"))}: ${text(param, "value")} of ${text(param, "threshold")}`,
    ),
  ]);
  const tiers = listOf(each, "tiers").map(
    (tier) => `  ${tier.held === true ? "held" : "open"}  ${printable(text(tier, "name"))}`,
  );
  const reasons = held
    ? []
    : listOf(each, "not_yet").map((reason) => `  not yet: ${printable(text(reason, "detail"))}`);
  return [head, ...criteria, ...tiers, ...reasons];
}

function listOf(document: Document, name: string): Document[] {
  const value = document[name];
  return Array.isArray(value) ? (value as Document[]) : [];
}
