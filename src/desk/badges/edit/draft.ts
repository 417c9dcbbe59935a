// A badge as the form of its editor holds it: every value as it was typed, so that nothing is lost.
import type { showBadge } from "../../../api/badge-view.ts";
import type { RealType } from "../../../issuer/criteria/kinds.ts";

/** A badge as the API answers with it. */
export type ShownBadge = ReturnType<typeof showBadge>;

/** One thing a criterion asks for; which of the values mean something is for its type to say. */
export interface RowDraft {
  /** The metric, the role, the id or the field. */
  readonly key: string;
  /** The threshold or grade that must be reached. */
  readonly least: string;
  /** The window: so many … */
  readonly span: string;
  /** … days, weeks, months or years: D, W, M, Y. */
  readonly unit: string;
  /** By which day, or time with its offset. */
  readonly until: string;
}

export interface CriterionDraft {
  readonly type: RealType;
  readonly method: "all" | "any";
  readonly description: string;
  /** Never empty: the last one may have nothing in it yet. */
  readonly rows: readonly RowDraft[];
}

export interface TierDraft {
  readonly name: string;
  readonly threshold: string;
}

export interface AlignmentDraft {
  readonly name: string;
  readonly url: string;
  readonly code: string;
  readonly description: string;
  readonly framework: string;
}

/** Values of one line or many; a box that is not ticked is "". */
export interface DraftValues {
  readonly name: string;
  readonly description: string;
  readonly narrative: string;
  readonly category: string;
  readonly language: string;
  readonly version: string;
  readonly tags: string;
  readonly type: string;
  readonly course_id: string;
  readonly sort_order: string;
  readonly visible_locked: string;
  readonly roles: string;
  readonly max_awards: string;
  /** never, date or period. */
  readonly expiry: string;
  readonly expire_date: string;
  /** The moment that was stored, while its day stays the same. */
  readonly expire_moment: string;
  readonly expire_span: string;
  readonly expire_unit: string;
  readonly renewable: string;
  /** Of the criteria among themselves. */
  readonly method: string;
  readonly message_subject: string;
  readonly message: string;
  readonly attachment: string;
  readonly notification: string;
  /** keep, draw or upload. */
  readonly picture: string;
  readonly shape: string;
  readonly icon: string;
  /** auto or own. */
  readonly colouring: string;
  readonly colour: string;
  /** The id of a picture that was uploaded with the form and is not the badge's yet. */
  readonly image: string;
  readonly caption: string;
  readonly author_name: string;
  readonly author_email: string;
  readonly author_url: string;
  readonly issuer_name: string;
  readonly issuer_url: string;
  readonly issuer_contact: string;
  readonly endorser_name: string;
  readonly endorser_url: string;
  readonly endorser_email: string;
  readonly endorser_comment: string;
  /** Of the endorsement that is stored, which goes with it. */
  readonly endorsement_id: string;
  readonly endorsement_claim: string;
  readonly endorsement_date: string;
}

export interface Draft {
  readonly values: DraftValues;
  readonly criteria: readonly CriterionDraft[];
  readonly tiers: readonly TierDraft[];
  readonly alignments: readonly AlignmentDraft[];
  /** Ids of badges. */
  readonly related: readonly string[];
}

export const EMPTY_ROW: RowDraft = { key: "", least: "", span: "", unit: "D", until: "" };

/** A colour that stands out on both papers, for a field that always has one. */
const FIRST_COLOUR = "#2f6fbf";

const NOTHING: DraftValues = {
  name: "",
  description: "",
  narrative: "",
  category: "recognition",
  language: "en",
  version: "1",
  tags: "",
  type: "1",
  course_id: "",
  sort_order: "0",
  visible_locked: "yes",
  roles: "member",
  max_awards: "1",
  expiry: "never",
  expire_date: "",
  expire_moment: "",
  expire_span: "",
  expire_unit: "Y",
  renewable: "",
  method: "all",
  message_subject: "",
  message: "",
  attachment: "yes",
  notification: "0",
  picture: "draw",
  shape: "",
  icon: "",
  colouring: "auto",
  colour: FIRST_COLOUR,
  image: "",
  caption: "",
  author_name: "",
  author_email: "",
  author_url: "",
  issuer_name: "",
  issuer_url: "",
  issuer_contact: "",
  endorser_name: "",
  endorser_url: "",
  endorser_email: "",
  endorser_comment: "",
  endorsement_id: "",
  endorsement_claim: "",
  endorsement_date: "",
};

export const VALUE_NAMES = Object.keys(NOTHING) as readonly (keyof DraftValues)[];

/** A badge that nobody has said anything of: one that coordinators and administrators give. */
export function newDraft(language: string): Draft {
  const roles = ["coordinator", "organization_administrator"];
  const given: CriterionDraft = {
    type: "manual",
    method: "any",
    description: "",
    rows: roles.map((key) => ({ ...EMPTY_ROW, key })),
  };
  return {
    values: { ...NOTHING, language },
    criteria: [given],
    tiers: [],
    alignments: [],
    related: [],
  };
}

const DAY = 86_400;
const PERIODS = [
  ["Y", 365 * DAY],
  ["M", 30 * DAY],
  ["W", 7 * DAY],
  ["D", DAY],
] as const;

/** The largest unit that a number of seconds is whole in; S where none is. */
export function spanOf(seconds: number): { readonly span: string; readonly unit: string } {
  const found = PERIODS.find(([, length]) => seconds % length === 0);
  if (found === undefined) return { span: String(seconds), unit: "S" };
  return { span: String(seconds / found[1]), unit: found[0] };
}

/** A badge as it is stored, in its form. */
export function draftOf(badge: ShownBadge): Draft {
  const text = (value: string | null) => value ?? "";
  const box = (value: boolean) => (value ? "yes" : "");
  const period = badge.expire_period === null ? null : spanOf(badge.expire_period);
  const { endorsement, art } = badge;
  const values: DraftValues = {
    ...NOTHING,
    name: badge.name,
    description: badge.description,
    narrative: badge.criteria.narrative,
    category: badge.category,
    language: badge.language,
    version: badge.version,
    tags: badge.tags.join(", "),
    type: String(badge.type),
    course_id: text(badge.course_id),
    sort_order: String(badge.sort_order),
    visible_locked: box(badge.is_visible_when_locked),
    roles: badge.eligibility_roles.join(", "),
    max_awards: badge.max_awards_per_user === null ? "" : String(badge.max_awards_per_user),
    expiry: badge.expire_date !== null ? "date" : period !== null ? "period" : "never",
    expire_date: text(badge.expire_date).slice(0, 10),
    expire_moment: text(badge.expire_date),
    expire_span: period?.span ?? "",
    expire_unit: period?.unit ?? "Y",
    renewable: box(badge.is_renewable),
    method: badge.criteria.method,
    message_subject: badge.message_subject,
    message: badge.message,
    attachment: box(badge.attachment),
    notification: String(badge.notification),
    picture: art === null ? "keep" : "draw",
    shape: text(art?.shape ?? null),
    icon: text(badge.icon_key),
    colouring: (art?.colour ?? null) === null ? "auto" : "own",
    colour: art?.colour ?? FIRST_COLOUR,
    caption: text(badge.image_caption),
    author_name: text(badge.image_author_name),
    author_email: text(badge.image_author_email),
    author_url: text(badge.image_author_url),
    issuer_name: text(badge.issuer_name),
    issuer_url: text(badge.issuer_url),
    issuer_contact: text(badge.issuer_contact),
    endorser_name: text(endorsement?.issuer_name ?? null),
    endorser_url: text(endorsement?.issuer_url ?? null),
    endorser_email: text(endorsement?.issuer_email ?? null),
    endorser_comment: text(endorsement?.claim_comment ?? null),
    endorsement_id: text(endorsement?.id ?? null),
    endorsement_claim: text(endorsement?.claim_id ?? null),
    endorsement_date: text(endorsement?.date_issued ?? null),
  };
  return {
    values,
    criteria: badge.criteria.rules.map(({ type, method, description, params }) => ({
      type,
      method,
      description,
      rows: rowsOf(params),
    })),
    tiers: badge.tiers.map(({ name, threshold }) => ({
      name,
      threshold: threshold === null ? "" : String(threshold),
    })),
    alignments: badge.alignments.map((one) => ({
      name: one.target_name,
      url: one.target_url,
      code: text(one.target_code),
      description: text(one.target_description),
      framework: text(one.target_framework),
    })),
    related: badge.related,
  };
}

/** Params are named by a prefix and a key, as `window_activity_count`; a row is what has one key. */
function rowsOf(params: Readonly<Record<string, string>>): RowDraft[] {
  const rows = new Map<string, RowDraft>();
  for (const [name, value] of Object.entries(params)) {
    const [, prefix = "", key = ""] = /^([a-z]+)_(.*)$/s.exec(name) ?? [];
    const row = rows.get(key) ?? { ...EMPTY_ROW, key };
    rows.set(key, { ...row, ...memberOf(prefix, value) });
  }
  return [...rows.values()].map(withUnit);
}

function memberOf(prefix: string, value: string): Partial<RowDraft> {
  if (prefix === "metric" || prefix === "grade") return { least: value };
  if (prefix === "window") return windowOf(value);
  if (prefix === "bydate") return { until: value };
  return prefix === "unit" ? { unit: value } : {};
}

/** One number and one unit; a window of several keeps its own spelling in place of a number. */
function windowOf(duration: string): Pick<RowDraft, "span" | "unit"> {
  const [, span, unit = ""] = /^P(\d+)([DWMY])$/.exec(duration) ?? [];
  return span === undefined ? { span: duration, unit: "P" } : { span, unit };
}

/** A streak whose unit is a param of its own is two metrics on the form. */
function withUnit(row: RowDraft): RowDraft {
  if (row.key !== "streak_length") return row;
  return row.unit === "week"
    ? { ...row, key: "streak_length.week", unit: "D" }
    : { ...row, key: "streak_length.day", unit: "D" };
}
