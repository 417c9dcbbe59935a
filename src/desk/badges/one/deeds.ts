// What is done with a badge as a whole, each by the API: made active or not, copied, counted, ended.
import { ask, type Question } from "../../../api/ask.ts";
import type { Env } from "../../../env.ts";
import type { ProblemDocument } from "../../../problem-document.ts";
import type { DeskForm } from "../../../signin/desk.ts";
import { askOnce } from "../../asked.ts";
import { countThem } from "../edit/save.ts";

export interface Wanted {
  readonly env: Env;
  readonly request: Request;
  readonly sent: DeskForm;
  readonly badgeId: string;
}

/** What page to go on to, or why nothing was done. */
export type Deed =
  | {
      readonly ok: true;
      /** The badge whose page it is; null for the list of all. */
      readonly badgeId: string | null;
      readonly tab?: "endorsements";
      readonly query: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly problem: ProblemDocument };

function asked<T>(
  { env, request, sent, badgeId }: Wanted,
  { path = "", ...question }: Omit<Question, "path"> & { readonly path?: string },
) {
  const whole = `/badges/${encodeURIComponent(badgeId)}${path}`;
  return askOnce<T>(env, request, sent, { ...question, path: whole });
}

const here = (badgeId: string | null, done: string): Deed => ({
  ok: true,
  badgeId,
  query: { done },
});

/** Pressed twice it comes to the same; and what was set back meanwhile is set anew. */
async function changed(
  { env, request, sent, badgeId }: Wanted,
  body: Readonly<Record<string, unknown>>,
  done: string,
): Promise<Deed> {
  const path = `/badges/${encodeURIComponent(badgeId)}`;
  const question = { method: "PATCH", path, body } as const;
  const answer = await ask(env, request, sent.desk.organization.id, question);
  return answer.ok ? here(badgeId, done) : answer;
}

export const BADGE_DEEDS = {
  activate: (wanted: Wanted) => changed(wanted, { is_active: true }, "activated"),
  deactivate: (wanted: Wanted) => changed(wanted, { is_active: false }, "deactivated"),
  archive: (wanted: Wanted) => changed(wanted, { status: "archived" }, "archived"),
  async clone(wanted: Wanted): Promise<Deed> {
    const copy = await asked<{ id: string }>(wanted, { method: "POST", path: "/clone", body: {} });
    return copy.ok ? here(copy.data.id, "cloned") : copy;
  },
  async count({ env, request, sent, badgeId }: Wanted): Promise<Deed> {
    const evaluation = await countThem(env, request, sent, badgeId);
    return { ok: true, badgeId, query: evaluation === null ? {} : { evaluation } };
  },
  /** One that was awarded stays for those who hold it: it is archived then. */
  async delete(wanted: Wanted): Promise<Deed> {
    const gone = await asked<{ deleted: boolean }>(wanted, { method: "DELETE" });
    if (!gone.ok) return gone;
    if (gone.data.deleted) return here(null, "deleted");
    return changed(wanted, { status: "archived" }, "kept");
  },
  async purge(wanted: Wanted): Promise<Deed> {
    const body = { confirm: String(wanted.sent.form.get("confirm") ?? "").trim() };
    const purging = await asked(wanted, { method: "POST", path: "/purge", body });
    return purging.ok ? here(null, "purging") : purging;
  },
  async "withdraw-endorsement"(wanted: Wanted): Promise<Deed> {
    const gone = await asked(wanted, { method: "DELETE", path: "/endorsement" });
    const query = { done: "withdrawn" };
    return gone.ok ? { ok: true, badgeId: wanted.badgeId, tab: "endorsements", query } : gone;
  },
} as const satisfies Readonly<Record<string, (wanted: Wanted) => Promise<Deed>>>;

export function isBadgeDeed(word: string): word is keyof typeof BADGE_DEEDS {
  return Object.hasOwn(BADGE_DEEDS, word);
}
