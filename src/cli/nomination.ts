// `rosette nominate`, `approve`, `decline`, `nominations`: asking that somebody be awarded a badge, and deciding it.
import { recipientOf } from "./award.ts";
import { findBadge } from "./badge.ts";
import { type Api, type Document, withInstallation } from "./installation.ts";
import { listAll, printTable, text } from "./listing.ts";
import { type Call, EXIT, type OptionHelp, UsageError, type Verb } from "./verb.ts";

const ON_BEHALF_OF: OptionHelp = {
  type: "string",
  value: "USER",
  help: "Id of the member for whom it is done; else it is the organization's doing",
};
const IDEMPOTENCY_KEY: OptionHelp = {
  type: "string",
  value: "KEY",
  help: "The same key again gives the same answer: safe to repeat after a failure",
};

const ID_FORM = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STATES = ["pending", "approved", "declined", "withdrawn"];

export const nominate: Verb = {
  operands: "BADGE PERSON",
  summary: "Nominate a member for a badge",
  about:
    "BADGE is an id or an exact name. PERSON is a member: an e-mail address, TYPE:VALUE with one of the\n" +
    "types email, url, telephone, did, or a user's id. Somebody else then approves or declines it.",
  options: {
    reason: { type: "string", value: "TEXT", help: "Why; public once it is approved. Markdown" },
    evidence: {
      type: "string",
      multiple: true,
      value: "URL",
      help: "Where the work can be seen; may be given several times",
    },
    "on-behalf-of": ON_BEHALF_OF,
    "idempotency-key": IDEMPOTENCY_KEY,
  },
  examples: [
    'nominate "Mentor of the Year" kim@example.org --reason "Took over the Tuesday group."',
  ],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const [badge = "", person = ""] = operands;
    const named = personNamed(person);
    const reason = options.text("reason");
    if (reason === undefined) throw new UsageError("--reason is missing: why is it deserved?");
    const evidence = options.texts("evidence");
    return withInstallation(call, async ({ api }) => {
      const { id } = await findBadge(api, badge);
      const made = await posted(call, api, "/nominations", {
        badge: id,
        ...named,
        reason,
        ...(evidence.length === 0 ? {} : { evidence: evidence.map((url) => ({ id: url })) }),
      });
      out.line(`Nominated\n  Nomination  ${text(made, "id")}`);
      out.document(made);
      return EXIT.done;
    });
  },
};

function personNamed(person: string): Record<string, unknown> {
  return ID_FORM.test(person) ? { user: person } : { recipient: recipientOf(person) };
}

export const approve: Verb = {
  operands: "NOMINATION",
  summary: "Approve a nomination, which awards the badge",
  about: "NOMINATION is the id that `rosette nominations` lists. Approved before, it stays so.",
  options: {
    note: { type: "string", value: "TEXT", help: "For who nominated" },
    tier: { type: "string", value: "LEVEL", help: "1 for the lowest tier" },
    "on-behalf-of": ON_BEHALF_OF,
    "idempotency-key": IDEMPOTENCY_KEY,
  },
  examples: ['approve 0199… --note "Well deserved."'],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const id = nominationNamed(operands[0] ?? "");
    const [note, tier] = [options.text("note"), options.text("tier")];
    if (tier !== undefined && !/^[1-9]\d{0,2}$/.test(tier)) {
      throw new UsageError("--tier must be a whole number from 1.");
    }
    return withInstallation(call, async ({ api }) => {
      const decided = await posted(call, api, `/nominations/${id}/approve`, {
        ...(note === undefined ? {} : { note }),
        ...(tier === undefined ? {} : { tier: Number(tier) }),
      });
      out.line(`Approved\n  Award  ${text(decided, "award")}`);
      out.document(decided);
      return EXIT.done;
    });
  },
};

export const decline: Verb = {
  operands: "NOMINATION",
  summary: "Decline a nomination",
  about: "NOMINATION is the id that `rosette nominations` lists.",
  options: {
    note: { type: "string", value: "TEXT", help: "Why, for who nominated" },
    "on-behalf-of": ON_BEHALF_OF,
    "idempotency-key": IDEMPOTENCY_KEY,
  },
  examples: ['decline 0199… --note "Let us wait for the end of the term."'],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const id = nominationNamed(operands[0] ?? "");
    const note = options.text("note");
    if (note === undefined) throw new UsageError("--note is missing: why is it declined?");
    return withInstallation(call, async ({ api }) => {
      const decided = await posted(call, api, `/nominations/${id}/decline`, { note });
      out.line("Declined");
      out.document(decided);
      return EXIT.done;
    });
  },
};

export const nominations: Verb = {
  operands: "",
  summary: "List nominations, those that wait for a decision unless told otherwise",
  options: {
    state: { type: "string", value: "STATE", help: `${STATES.join(", ")}, or all` },
    badge: { type: "string", value: "BADGE", help: "Only of this badge: an id or an exact name" },
  },
  examples: ["nominations", "nominations --state all"],
  remote: true,
  run: (call) => {
    const { options, out } = call;
    const state = options.text("state") ?? "pending";
    if (![...STATES, "all"].includes(state)) {
      throw new UsageError(`--state must be one of ${STATES.join(", ")}, all.`);
    }
    return withInstallation(call, async ({ api }) => {
      const badge = options.text("badge");
      const query = new URLSearchParams(state === "all" ? {} : { state });
      if (badge !== undefined) query.set("badge", text(await findBadge(api, badge), "id"));
      const rows = await listAll(api, `/nominations?${query}`);
      printTable(out, rows, ["id", "state", "badge", "user", "reason"]);
      return EXIT.done;
    });
  },
};

function nominationNamed(id: string): string {
  if (ID_FORM.test(id)) return id;
  throw new UsageError(`${JSON.stringify(id)} is no nomination's id.`);
}

function posted(
  { options }: Call,
  api: Api,
  path: string,
  body: Record<string, unknown>,
): Promise<Document> {
  const [key, member] = [options.text("idempotency-key"), options.text("on-behalf-of")];
  return api("POST", path, {
    body: { ...body, ...(member === undefined ? {} : { on_behalf_of: member }) },
    ...(key === undefined ? {} : { headers: { "idempotency-key": key } }),
  });
}
