// `rosette badge clone`, `version`, `archive`, `delete`, `purge`: what becomes of a badge.
import { findBadge, members } from "./badge.ts";
import { type Document, withInstallation } from "./installation.ts";
import { text } from "./listing.ts";
import { type Call, EXIT, UsageError, type Verb } from "./verb.ts";

/** Asks something of the badge that the first operand names, and says what came of it. */
function withBadge(
  call: Call,
  ask: (
    api: (method: "POST" | "PATCH" | "DELETE", path: string, body?: object) => Promise<Document>,
    badge: Document,
    goOn: (kind: string) => Promise<void>,
  ) => Promise<{ readonly line: string; readonly answer: Document }>,
): Promise<number> {
  return withInstallation(call, async ({ api, goOn }) => {
    const badge = await findBadge(api, call.operands[0] ?? "");
    const path = `/badges/${text(badge, "id")}`;
    const { line, answer } = await ask(
      (method, below, body) => api(method, `${path}${below}`, body === undefined ? {} : { body }),
      badge,
      goOn,
    );
    call.out.line(line);
    call.out.document(answer);
    return EXIT.done;
  });
}

const named = (word: string, badge: Document) =>
  `${word} ${text(badge, "name")}\n  Id  ${text(badge, "id")}`;

export const badgeClone: Verb = {
  operands: "BADGE",
  summary: "Copy a badge: the copy is inactive, and awarded to nobody",
  options: { name: { type: "string", value: "NAME", help: "“Copy of …” unless given" } },
  examples: ['badge clone "First Activity" --name "First Activity, evenings"'],
  remote: true,
  run: (call) => {
    const name = call.options.text("name");
    return withBadge(call, async (api) => {
      const answer = await api("POST", "/clone", name === undefined ? {} : { name });
      return { line: named("Copied as", answer), answer };
    });
  },
};

export const badgeVersion: Verb = {
  operands: "BADGE",
  summary: "Make a new version of a badge that has been awarded",
  about:
    "The former is archived and goes on verifying. The new version is inactive unless --activate is\n" +
    "given: an active rule awards it at once to everybody who meets it.",
  options: {
    from: { type: "string", value: "FILE", help: "JSON with the members that are to be different" },
    activate: { type: "boolean", help: "Let it be awarded" },
  },
  examples: ['badge version "First Activity" --from changes.json --activate'],
  remote: true,
  run: (call) => {
    const changes = members(call.options.text("from"));
    const activate = call.options.flag("activate") ? { is_active: true } : {};
    return withBadge(call, async (api) => {
      const answer = await api("POST", "/versions", { ...changes, ...activate });
      return { line: named(`Version ${text(answer, "version")} of`, answer), answer };
    });
  },
};

export const badgeArchive: Verb = {
  operands: "BADGE",
  summary: "Archive a badge: who holds it keeps it, nobody gets it any more",
  options: {},
  examples: ['badge archive "First Activity"'],
  remote: true,
  run: (call) =>
    withBadge(call, async (api) => {
      const answer = await api("PATCH", "", { status: "archived" });
      return { line: named("Archived", answer), answer };
    }),
};

export const badgeDelete: Verb = {
  operands: "BADGE",
  summary: "Delete a badge, or disable it where people hold it",
  options: {},
  examples: ['badge delete "First Activity"'],
  remote: true,
  run: (call) =>
    withBadge(call, async (api, badge) => {
      const answer = await api("DELETE", "");
      const line =
        answer.deleted === true
          ? `Deleted ${text(badge, "name")}`
          : `Disabled ${text(badge, "name")}: people hold it, or a later version names it.`;
      return { line, answer };
    }),
};

export const badgePurge: Verb = {
  operands: "BADGE",
  summary: "Remove a badge and all its awards for good",
  about:
    "Nothing brings them back. Every award is revoked, backpacks are told, and all that is left are\n" +
    "addresses that say 410 Gone. To keep what people hold, archive the badge instead.",
  options: {
    confirm: { type: "string", value: "NAME", help: "The badge's exact name, once more" },
  },
  examples: ['badge purge "First Activity" --confirm "First Activity"'],
  remote: true,
  run: (call) => {
    const confirm = call.options.text("confirm");
    if (confirm === undefined) {
      throw new UsageError("--confirm is missing: repeat the badge's exact name.");
    }
    return withBadge(call, async (api, badge, goOn) => {
      const answer = await api("POST", "/purge", { confirm });
      await goOn("badge.purge");
      const line = `${text(badge, "name")} is being removed. Its addresses say 410 from now on.`;
      return { line, answer };
    });
  },
};
