// Reads the editor's form back into a draft, and does to it what a button of the form asks for.
import { REAL_TYPES, type RealType } from "../../../issuer/criteria/kinds.ts";
import { MAX_PARAMS } from "../../../issuer/criteria/params.ts";
import {
  type AlignmentDraft,
  type CriterionDraft,
  type Draft,
  type DraftValues,
  EMPTY_ROW,
  type RowDraft,
  type TierDraft,
  VALUE_NAMES,
} from "./draft.ts";

/** Tiers and alignments of a form; what is more is not read, and the API takes no more either. */
const MAX_TIERS = 20;
const MAX_LISTED = 50;

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

/** Browsers send line breaks as CRLF; what is stored has LF, and would else seem to be changed. */
function valuesOf(form: FormData): DraftValues {
  const read = (name: string) => textOf(form, name).replaceAll("\r\n", "\n");
  const values = Object.fromEntries(VALUE_NAMES.map((name) => [name, read(name)]));
  // Every member is named by VALUE_NAMES.
  return values as Record<keyof DraftValues, string>;
}

function isType(text: string): text is RealType {
  return REAL_TYPES.some((type) => type === text);
}

/** Numbered from 0 without a gap: `c0.type`, `c1.type`, … */
function numbered<T>(most: number, read: (i: number) => T | null): T[] {
  const found: T[] = [];
  for (let i = 0; i < most; i++) {
    const one = read(i);
    if (one === null) break;
    found.push(one);
  }
  return found;
}

function rowIn(form: FormData, at: string): RowDraft | null {
  if (form.get(`${at}.key`) === null) return null;
  const text = (member: string) => textOf(form, `${at}.${member}`);
  return {
    key: text("key"),
    least: text("least"),
    span: text("span"),
    unit: text("unit") || "D",
    until: text("until"),
  };
}

function criterionIn(form: FormData, i: number): CriterionDraft | null {
  const type = textOf(form, `c${i}.type`);
  if (!isType(type)) return null;
  const rows = numbered(MAX_PARAMS, (j) => rowIn(form, `c${i}.${j}`));
  return {
    type,
    method: textOf(form, `c${i}.method`) === "any" ? "any" : "all",
    description: textOf(form, `c${i}.description`).replaceAll("\r\n", "\n"),
    rows: rows.length === 0 ? [EMPTY_ROW] : rows,
  };
}

export function readDraft(form: FormData): Draft {
  return {
    values: valuesOf(form),
    criteria: numbered(REAL_TYPES.length, (i) => criterionIn(form, i)),
    tiers: numbered(MAX_TIERS, (i): TierDraft | null =>
      form.get(`t${i}.name`) === null
        ? null
        : { name: textOf(form, `t${i}.name`), threshold: textOf(form, `t${i}.threshold`) },
    ),
    alignments: numbered(MAX_LISTED, (i): AlignmentDraft | null =>
      form.get(`a${i}.name`) === null
        ? null
        : {
            name: textOf(form, `a${i}.name`),
            url: textOf(form, `a${i}.url`),
            code: textOf(form, `a${i}.code`),
            description: textOf(form, `a${i}.description`),
            framework: textOf(form, `a${i}.framework`),
          },
    ),
    related: form.getAll("related").flatMap((id) => (typeof id === "string" ? [id] : [])),
  };
}

const without = <T>(list: readonly T[], index: number) => list.filter((_one, i) => i !== index);

/**
 * The draft after a button such as `add-row.1` or `drop-tier.0`; null for a button that does something
 * else. `added` is the type chosen beside “add a criterion”; a badge has one of each at most.
 */
export function edited(draft: Draft, wish: string, added: string): Draft | null {
  const [verb, first = "", second = ""] = wish.split(".");
  const [i, j] = [Number(first), Number(second)];
  switch (verb) {
    case "add-criterion": {
      if (!isType(added) || draft.criteria.some(({ type }) => type === added)) return draft;
      const fresh: CriterionDraft = {
        type: added,
        method: "all",
        description: "",
        rows: [EMPTY_ROW],
      };
      return { ...draft, criteria: [...draft.criteria, fresh] };
    }
    case "drop-criterion":
      return { ...draft, criteria: without(draft.criteria, i) };
    case "add-row":
      return withRows(draft, i, (rows) => (rows.length < MAX_PARAMS ? [...rows, EMPTY_ROW] : rows));
    case "drop-row":
      return withRows(draft, i, (rows) => {
        const left = without(rows, j);
        return left.length === 0 ? [EMPTY_ROW] : left;
      });
    case "add-tier":
      return { ...draft, tiers: [...draft.tiers, { name: "", threshold: "" }].slice(0, MAX_TIERS) };
    case "drop-tier":
      return { ...draft, tiers: without(draft.tiers, i) };
    case "add-alignment": {
      const fresh = { name: "", url: "", code: "", description: "", framework: "" };
      return { ...draft, alignments: [...draft.alignments, fresh].slice(0, MAX_LISTED) };
    }
    case "drop-alignment":
      return { ...draft, alignments: without(draft.alignments, i) };
    case "look":
      return draft;
    default:
      return null;
  }
}

function withRows(
  draft: Draft,
  index: number,
  change: (rows: readonly RowDraft[]) => readonly RowDraft[],
): Draft {
  return {
    ...draft,
    criteria: draft.criteria.map((one, i) =>
      i === index ? { ...one, rows: change(one.rows) } : one,
    ),
  };
}
