// The form a badge is awarded with: what was typed, and the request to the API that it stands for.
import type { AwardValues } from "../../pages/award-form.tsx";
import type { EvidenceLine } from "../../pages/award-preview.tsx";
import { badgeOf } from "./choices.ts";
import { type Named, personValue, textField } from "./person.ts";

export const EMPTY: AwardValues = {
  mode: "award",
  person: "",
  user: "",
  among: [],
  name: "",
  badge: "",
  expires: "",
  evidence: "",
  note: "",
};

export function awardValues(form: FormData): AwardValues {
  return {
    ...personValue(form),
    among: [],
    mode: textField(form, "mode") === "nominate" ? "nominate" : "award",
    name: textField(form, "name"),
    badge: textField(form, "badge"),
    expires: textField(form, "expires"),
    evidence: textField(form, "evidence"),
    note: textField(form, "note"),
  };
}

const WEB_ADDRESS = /^(https?:\/\/\S+)\s*(.*)$/i;

/** One piece a line: an address with a name behind it, or words (OB 2.0, Evidence). */
export function evidenceOf(text: string): EvidenceLine[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [, id, name = ""] = WEB_ADDRESS.exec(line) ?? [];
      if (id === undefined) return { narrative: line };
      return name === "" ? { id } : { id, name };
    });
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The end of a day in UTC, as the API takes it; undefined for none, null for what is no day. */
export function endOfDay(day: string): string | null | undefined {
  if (day === "") return undefined;
  const at = DAY.test(day) ? Date.parse(day) : Number.NaN;
  // The 31st of February is read as a day of March.
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
  return isDay ? `${day}T23:59:59.999Z` : null;
}

type Whom = Extract<Named, { is: "member" | "new" }>;

/**
 * Whom a request to the API names: an address stays one, also once it is a member's. So a form that is
 * sent again asks for the same.
 */
function recipientIn(named: Whom, name: string): Record<string, unknown> {
  const address = named.is === "new" ? named.email : named.address;
  if (named.is === "member" && address === undefined) return { user: named.person.id };
  const called = name === "" ? {} : { name };
  return { recipient: { type: "email", identity: address, ...called } };
}

/** The body of POST /awards, and of its preview. */
export function awardBody(values: AwardValues, named: Whom): Record<string, unknown> {
  const { id, tier } = badgeOf(values.badge);
  const evidence = evidenceOf(values.evidence);
  const expires = endOfDay(values.expires);
  return {
    badge: id,
    ...recipientIn(named, values.name),
    ...(tier === null ? {} : { tier_level: tier }),
    ...(expires === undefined ? {} : { expires_at: expires }),
    ...(evidence.length === 0 ? {} : { evidence }),
    ...(values.note === "" ? {} : { narrative: values.note }),
  };
}

/** The body of POST /nominations. Which tier it will be is for whoever approves it. */
export function nominationBody(values: AwardValues, userId: string): Record<string, unknown> {
  const evidence = evidenceOf(values.evidence);
  return {
    badge: badgeOf(values.badge).id,
    user: userId,
    reason: values.note,
    ...(evidence.length === 0 ? {} : { evidence }),
  };
}
