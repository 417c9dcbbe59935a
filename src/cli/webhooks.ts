// `rosette webhooks`: who is told of what happens, how that went, and a second chance for it.
import { given } from "./given.ts";
import { withInstallation } from "./installation.ts";
import { inner, listAll, printTable, text } from "./listing.ts";
import { type Call, EXIT, UsageError, type Verb } from "./verb.ts";

export const webhooksList: Verb = {
  operands: "",
  summary: "List the webhook endpoints; never their secrets",
  options: {},
  examples: ["webhooks list"],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const found = await listAll(api, "/webhook-endpoints");
      printTable(call.out, found, ["id", "url", "enabled", "failing_since", "events"]);
      return EXIT.done;
    }),
};

export const webhooksAdd: Verb = {
  operands: "URL",
  summary: "Add a webhook endpoint; its secret is shown once",
  about: "URL is public and https. docs/webhooks.md says how a receiver checks what it is sent.",
  options: {
    event: {
      type: "string",
      multiple: true,
      value: "TYPE",
      help: "As award.created; may be given several times. Everything unless given",
    },
    description: { type: "string", value: "TEXT", help: "What it is for, as lists show it" },
  },
  examples: ["webhooks add https://hooks.example.org/badges --event award.created"],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const body = {
      url: operands[0],
      events: options.texts("event"),
      ...given(options, ["description"]),
    };
    return withInstallation(call, async ({ api }) => {
      const made = await api("POST", "/webhook-endpoints", { body });
      out.line(
        `${text(made, "id")}\n  Secret  ${text(made, "secret")}\n  Keep it now: it is sealed.`,
      );
      out.document(made);
      return EXIT.done;
    });
  },
};

export const webhooksPing: Verb = {
  operands: "ID",
  summary: "Send a webhook endpoint a message of type ping",
  about: "A server that runs on the same database sends it at once.",
  options: {},
  examples: ["webhooks ping 0199…"],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const id = endpointOf(call);
      const made = await api("POST", `/webhook-endpoints/${id}/ping`);
      call.out.line(`On its way. \`rosette webhooks deliveries ${id}\` says how it went.`);
      call.out.document(made);
      return EXIT.done;
    }),
};

const STATES = ["waiting", "delivered", "parked"];

export const webhooksDeliveries: Verb = {
  operands: "ID",
  summary: "List what a webhook endpoint was sent, the newest first",
  options: {
    state: { type: "string", value: "STATE", help: `Only those in it: ${STATES.join(", ")}` },
  },
  examples: ["webhooks deliveries 0199… --state parked"],
  remote: true,
  run: (call) => {
    const state = call.options.text("state");
    if (state !== undefined && !STATES.includes(state)) {
      throw new UsageError(`--state must be one of ${STATES.join(", ")}.`);
    }
    return withInstallation(call, async ({ api }) => {
      const query = state === undefined ? "" : `?state=${state}`;
      const found = await listAll(api, `/webhook-endpoints/${endpointOf(call)}/deliveries${query}`);
      const rows = call.out.json
        ? found
        : found.map((row) => ({ ...row, problem: text(inner(row, "last_error"), "detail") }));
      printTable(call.out, rows, ["id", "type", "state", "attempts", "next_attempt_at", "problem"]);
      return EXIT.done;
    });
  },
};

export const webhooksResend: Verb = {
  operands: "[DELIVERY]",
  summary: "Send a message again, or all that an endpoint missed",
  options: {
    parked: { type: "string", value: "ID", help: "All that is parked at this endpoint" },
    since: { type: "string", value: "TIME", help: "With --parked: of events from then on" },
  },
  examples: [
    "webhooks resend 0199…",
    "webhooks resend --parked 0199… --since 2026-10-01T00:00:00Z",
  ],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const [delivery] = operands;
    const endpoint = options.text("parked");
    if ((delivery === undefined) === (endpoint === undefined)) {
      throw new UsageError("Name a delivery, or give --parked with an endpoint.");
    }
    const path =
      delivery === undefined
        ? `/webhook-endpoints/${encodeURIComponent(endpoint ?? "")}/resend`
        : `/webhook-deliveries/${encodeURIComponent(delivery)}/resend`;
    const asked = delivery === undefined ? { body: given(options, ["since"]) } : {};
    return withInstallation(call, async ({ api }) => {
      const said = await api("POST", path, asked);
      out.line(`${delivery === undefined ? text(said, "resent") : "1"} to be sent again`);
      out.document(said);
      return EXIT.done;
    });
  },
};

function endpointOf({ operands }: Call): string {
  return encodeURIComponent(operands[0] ?? "");
}
