// Lists, one page at a time: newest first, and the same rows once each while others are added.
import { z } from "@hono/zod-openapi";
import type { FaultCode } from "../fault-codes.ts";
import { toBase64url } from "../ids.ts";
import { rule } from "./fields.ts";
import type { Answer, Call } from "./operation.ts";

export const DEFAULT_LIMIT = 25;
export const MAX_LIMIT = 100;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CURSOR = /^[A-Za-z0-9_-]{1,200}$/;
const PREFIX = "before:";

/** Opaque to callers: the id of the last row they were given. */
export function cursorAfter(id: string): string {
  return toBase64url(new TextEncoder().encode(`${PREFIX}${id}`));
}

/** The id in a cursor, of that form; null for anything `cursorAfter` did not make. */
export function readCursor(text: string, form: RegExp = UUID): string | null {
  if (!CURSOR.test(text)) return null;
  const id = decoded(text)?.slice(PREFIX.length);
  // Base64 has several spellings of the same bytes; only ours is a cursor.
  return id !== undefined && form.test(id) && cursorAfter(id) === text ? id : null;
}

function decoded(text: string): string | null {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return null;
  }
}

const limit = z
  .string()
  .refine(
    (text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MAX_LIMIT,
    rule(
      "invalid_limit",
      `This must be a whole number from 1 to ${MAX_LIMIT}.`,
      `Send a whole number from 1 to ${MAX_LIMIT}.`,
    ),
  )
  .transform(Number)
  .default(DEFAULT_LIMIT)
  .openapi({
    type: "integer",
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    description: "How many objects a page has at most.",
  });

function cursorOf(form: RegExp) {
  return z
    .string()
    .transform((text, context) => {
      const id = readCursor(text, form);
      if (id !== null) return id;
      context.addIssue({
        code: "custom",
        message: "This is not a cursor that was given out here.",
        params: {
          code: "invalid_cursor" satisfies FaultCode,
          fix: "Send the `next_cursor` of the last page unchanged, or leave it out to start again.",
        },
      });
      return z.NEVER;
    })
    .optional()
    .openapi({ type: "string", description: "The `next_cursor` of the page before." });
}

/** The query of a list whose rows are told apart by something else than a UUID. */
export function pageQueryBy(form: RegExp) {
  return z.strictObject({ limit, cursor: cursorOf(form) });
}

/** The query of every other list; a list with filters extends it. */
export const pageQuery = pageQueryBy(UUID);

/** Which rows to read: ask for `limit + 1` with an id below `cursor`, largest id first. */
export interface Slice {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The schema of a page's body. */
export function pageOf(item: z.ZodType) {
  return z.object({
    data: z.array(item),
    next_cursor: z.string().nullable().openapi({ description: "Null on the last page." }),
  });
}

/**
 * The answer with one page, from up to `limit + 1` rows: the one too many only says that there is
 * a next page. `idOf` gives the id the rows are ordered by.
 */
export function pageAnswer<Row>(
  call: Call<unknown, Slice>,
  rows: readonly Row[],
  idOf: (row: Row) => string,
  show: (row: Row) => unknown,
): Answer {
  const page = rows.slice(0, call.query.limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  return sliceAnswer(call, page.map(show), more ? idOf(last) : null);
}

/** The answer with a page that was cut already; `next` is the id below which to read on. */
export function sliceAnswer(
  call: Call<unknown, Slice>,
  data: readonly unknown[],
  next: string | null,
): Answer {
  const cursor = next === null ? null : cursorAfter(next);
  return {
    status: 200,
    body: { data, next_cursor: cursor },
    headers: cursor === null ? {} : { link: `<${nextPage(call, cursor)}>; rel="next"` },
  };
}

function nextPage(call: Call, next: string): string {
  const url = new URL(call.path, call.env.urls.base);
  url.searchParams.set("cursor", next);
  return url.href;
}
