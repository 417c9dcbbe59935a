// What the columns of an import mean: their headings, as people write them, and what is missing.
import type { CsvRecord } from "../csv/records.ts";
import type { ImportColumn } from "../db/imports.ts";
import { isEmail } from "../email-address.ts";
import type { FaultCode } from "../fault-codes.ts";
import type { FieldError } from "../problem.ts";

/** What is read of a row. */
export const MEMBERS = [
  "user",
  "email",
  "identity",
  "name",
  "badge",
  "tier",
  "evidence",
  "narrative",
  "expires_at",
] as const;
export type ImportMember = (typeof MEMBERS)[number];

/** Headings without case, blanks and punctuation. */
const HEADINGS: Readonly<Record<ImportMember, readonly string[]>> = {
  user: ["user", "userid"],
  email: ["email", "emailaddress", "mail", "mailaddress", "recipientemail"],
  identity: ["identity", "recipient", "recipientidentity"],
  name: ["name", "fullname", "displayname", "recipientname"],
  badge: ["badge", "badgeid", "badgename"],
  tier: ["tier", "tierlevel"],
  evidence: ["evidence", "evidenceurl", "evidenceurls"],
  narrative: ["narrative"],
  expires_at: ["expiresat", "expires", "expireson", "expiry", "expirydate", "expirationdate"],
};

/** What a result file adds; there it is written anew when the file is sent again. */
export const RESULT_COLUMNS = ["outcome", "code", "reason", "award"] as const;

export type Columns =
  | { readonly ok: true; readonly columns: readonly ImportColumn[] }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** What is known besides the heading. */
export interface ColumnsAsked {
  /** The import itself says which badge is meant. */
  readonly hasBadge: boolean;
  /** What columns mean, where somebody says so, by their names. */
  readonly said?: readonly ImportColumn[] | undefined;
  /** What the columns mean may be said later. */
  readonly isUnsaid?: boolean | undefined;
}

export function columnsOf({ line, cells }: CsvRecord, asked: ColumnsAsked): Columns {
  const columns = cells.map((cell, i): ImportColumn => {
    const name = cell.trim();
    return { name: name === "" ? `column ${i + 1}` : name, as: memberOf(name) };
  });
  return columnsSaid(columns, line, asked);
}

/** The same where the heading, on that line, was read before. */
export function columnsSaid(
  read: readonly ImportColumn[],
  line: number,
  { hasBadge, said = [], isUnsaid = false }: ColumnsAsked,
): Columns {
  const columns = read.map((column) => said.find(({ name }) => name === column.name) ?? column);
  const unsaid = missing(columns, line, hasBadge);
  const errors = [
    ...twice(columns, line),
    ...unsaid.filter(({ code }) => !isUnsaid || code === NO_HEADING),
  ];
  return errors.length === 0 ? { ok: true, columns } : { ok: false, errors };
}

function memberOf(heading: string): ImportMember | null {
  const plain = heading
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
  return MEMBERS.find((member) => HEADINGS[member].includes(plain)) ?? null;
}

function twice(columns: readonly ImportColumn[], line: number): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, { name, as }] of columns.entries()) {
    const other = columns
      .slice(0, i)
      .find((before) => before.name === name || (as !== null && before.as === as));
    if (other === undefined) continue;
    const detail = `Line ${line}: the headings “${other.name}” and “${name}” mean the same.`;
    errors.push(fault("csv_column_twice", detail, "Rename or remove one of the two columns."));
  }
  return errors;
}

function missing(columns: readonly ImportColumn[], line: number, hasBadge: boolean): FieldError[] {
  const has = (...members: readonly ImportMember[]) =>
    columns.some(({ as }) => members.some((member) => member === as));
  const names = columns.map(({ name }) => `“${name}”`).join(", ");
  if (!has("email", "identity", "user")) {
    const isData = columns.some(({ name }) => isEmail(name));
    const fix = "Make the first line a heading, such as: email,name,badge";
    return isData
      ? [fault(NO_HEADING, `Line ${line} holds values, not headings: ${names}.`, fix)]
      : [
          fault(
            "csv_recipient_column_missing",
            `No column says whom to award; the headings are ${names}.`,
            "Call one of the columns email, identity or user.",
          ),
        ];
  }
  if (has("badge") || hasBadge) return [];
  return [
    fault(
      "csv_badge_column_missing",
      `Which badge is meant is not said; the headings are ${names}.`,
      "Add ?badge= with the badge's id, or a column called badge with ids or exact names.",
    ),
  ];
}

/** Nobody's name for a column is an e-mail address: the first person would be taken for the heading. */
const NO_HEADING = "csv_heading_missing";

function fault(code: FaultCode, detail: string, fix: string): FieldError {
  return { pointer: "", code, detail: detail.slice(0, MAX_DETAIL), fix };
}

/** Headings are shown to whoever sent them, though not a whole file of them. */
const MAX_DETAIL = 500;

/** The columns that nothing is read from. */
export function unknownColumns(columns: readonly ImportColumn[]): string[] {
  return columns
    .filter(({ name, as }) => as === null && !RESULT_COLUMNS.some((own) => own === name))
    .map(({ name }) => name);
}
