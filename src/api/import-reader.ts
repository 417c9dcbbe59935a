// From a row of an import to the award it wishes for, under the rules that awards over the API are under.
import type { z } from "@hono/zod-openapi";
import { unescaped } from "../csv/write.ts";
import type { Import, ImportRow } from "../db/imports.ts";
import { normalisedEmail } from "../email-address.ts";
import type { RowReader } from "../issuer/import-row.ts";
import { type FieldError, Problem } from "../problem.ts";
import { AWARD_RULES, newAward } from "./award-schema.ts";
import { parsed } from "./faults.ts";
import { IDENTITY_TYPES } from "./identity.ts";
import type { ImportMember } from "./import-columns.ts";
import { withRule } from "./rule-codes.ts";

type Values = ImportRow["values"];
type Source = Pick<Import, "reading">;

/** The trimmed value of a row under a member; undefined where it is empty or there is no column. */
function textOf(source: Source, values: Values, member: ImportMember): string | undefined {
  const name = nameOf(source, member);
  const value = name !== null && Object.hasOwn(values, name) ? values[name] : undefined;
  const text = value === undefined ? "" : unescaped(value.trim()).trim();
  return text === "" ? undefined : text;
}

function nameOf({ reading }: Source, member: ImportMember): string | null {
  return reading.columns.find(({ as }) => as === member)?.name ?? null;
}

/** Of the columns that can say whom, the one that does. */
function namingMember(source: Source, values: Values): ImportMember | null {
  const naming = ["user", "email", "identity"] as const;
  return naming.find((member) => textOf(source, values, member) !== undefined) ?? null;
}

/** An e-mail address, a web address, a telephone number, a DID, or TYPE:VALUE. */
function identityOf(text: string): { readonly type: string; readonly identity: string } {
  const [, type = "", rest = ""] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  if (type === "did") return { type, identity: text };
  if (/^https?$/.test(type)) return { type: "url", identity: text };
  if (text.startsWith("+")) return { type: "telephone", identity: text };
  if (IDENTITY_TYPES.some((known) => known === type)) return { type, identity: rest };
  return { type: "email", identity: text };
}

function recipientOf(source: Source, values: Values, by: ImportMember | null) {
  const value = by === null ? undefined : textOf(source, values, by);
  if (value === undefined) return {};
  if (by === "user") return { user: value };
  const name = textOf(source, values, "name");
  const identity = by === "email" ? { type: "email", identity: value } : identityOf(value);
  return { recipient: { ...identity, ...(name === undefined ? {} : { name }) } };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day alone is meant with all its hours, in UTC. */
function momentOf(text: string): string | null {
  if (text.toLowerCase() === "never") return null;
  return DAY.test(text) ? `${text}T23:59:59.999Z` : text;
}

/** Stands for the badge where the row is checked: whichever it is, is looked up apart. */
const ANY_BADGE = "badge";

function requestOf(source: Source, values: Values): Record<string, unknown> {
  const tier = textOf(source, values, "tier");
  const evidence = textOf(source, values, "evidence");
  const narrative = textOf(source, values, "narrative");
  const expires = textOf(source, values, "expires_at");
  return {
    badge: ANY_BADGE,
    ...recipientOf(source, values, namingMember(source, values)),
    ...(tier === undefined ? {} : { tier_level: /^\d{1,9}$/.test(tier) ? Number(tier) : tier }),
    ...(evidence === undefined ? {} : { evidence: evidence.split(/\s+/).map((id) => ({ id })) }),
    ...(narrative === undefined ? {} : { narrative }),
    ...(expires === undefined ? {} : { expires_at: momentOf(expires) }),
  };
}

const MEMBER_AT: Readonly<Record<string, ImportMember>> = {
  badge: "badge",
  tier_level: "tier",
  evidence: "evidence",
  narrative: "narrative",
  expires_at: "expires_at",
};

function fieldAt(source: Source, { pointer = "" }: FieldError, values: Values): string | null {
  const [, first = "", second] = pointer.split("/");
  if (first === "recipient" && second === "name") return nameOf(source, "name");
  if (first === "recipient" || first === "user") {
    const by = namingMember(source, values);
    return by === null
      ? (nameOf(source, "email") ?? nameOf(source, "identity") ?? nameOf(source, "user"))
      : nameOf(source, by);
  }
  const member = Object.hasOwn(MEMBER_AT, first) ? MEMBER_AT[first] : undefined;
  return member === undefined ? null : nameOf(source, member);
}

function checked(body: Record<string, unknown>): FieldError | z.output<typeof newAward> {
  try {
    return parsed({ body: newAward }, { params: undefined, query: {}, body }).body;
  } catch (error) {
    const [first] = error instanceof Problem ? error.errors : [];
    if (first === undefined) throw error;
    return withRule(first, AWARD_RULES);
  }
}

const BEYOND = {
  code: "cells_beyond_heading",
  field: null,
  detail:
    "The line has more cells than the heading. A comma within a cell needs quotes around the cell.",
} as const;

export const importReader: RowReader = {
  read(source, values) {
    if (Object.hasOwn(values, "")) return { ok: false, fault: BEYOND };
    const found = checked(requestOf(source, values));
    if ("code" in found) {
      const { code, detail, fix } = found;
      const field = fieldAt(source, found, values);
      return { ok: false, fault: { code, field, detail: `${detail} ${fix}`.trim() } };
    }
    const { badge: _any, ...input } = found;
    return { ok: true, wish: { input, badge: textOf(source, values, "badge") ?? null } };
  },
  fieldAt,
  personOf(source, values) {
    const by = namingMember(source, values);
    const value = by === null ? undefined : textOf(source, values, by);
    if (value === undefined) return null;
    if (by === "user") return `user ${value}`;
    const { type, identity } =
      by === "email" ? { type: "email", identity: value } : identityOf(value);
    return `${type} ${type === "email" ? normalisedEmail(identity) : identity.trim()}`;
  },
};
