// What a page makes of the API's answers: what it asked for, or the problem; and forms that count once.
import { type Asked, ask, type Question } from "../api/ask.ts";
import type { Env } from "../env.ts";
import { isId, sha256Hex } from "../ids.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import type { ProblemDocument } from "../problem-document.ts";
import type { Desk, DeskForm } from "../signin/desk.ts";

/** The API's problem, as it would have been thrown here. */
export function problemOf({ status, code, detail, fix, errors = [] }: ProblemDocument): Problem {
  const headers: Record<string, string> = status === 503 ? { "retry-after": "5" } : {};
  // Problems of the API are of the same table.
  return new Problem(code as ProblemCode, detail, { fix, errors, headers });
}

/** The answer, where a page cannot do without; throws the problem it met. */
export function got<T>(asked: Asked<T>): T {
  if (asked.ok) return asked.data;
  throw problemOf(asked.problem);
}

/**
 * The problem, where who filled in a form can put it right there: wrong values, or a rule that stands
 * against it. Throws any other.
 */
export function correctable(problem: ProblemDocument): ProblemDocument {
  if (problem.status === 409 || problem.status === 422) return problem;
  throw problemOf(problem);
}

/** The hidden field of every form that says which page it was on. */
const ONCE_FIELD = "once";
/** Of a digest; enough to tell what one person typed from what they typed then. */
const TOLD_APART = 16;

/**
 * Asks as a form does that must not count twice: pressed twice or loaded again, its answer is the
 * first one's (`repeatedAfter`). Who went back and changed something has filled in another form.
 * Throws what no form can put right: nothing came of it, and it can be sent again.
 */
export async function askOnce<T>(
  env: Env,
  request: Request,
  { desk, form }: DeskForm,
  question: Omit<Question, "idempotencyKey">,
  press = 0,
): Promise<Asked<T>> {
  const once = textOf(form, ONCE_FIELD);
  const { id } = desk.organization;
  const { method, path, body = null, upload } = question;
  const file = upload === undefined ? null : await sha256Hex(upload.bytes);
  const which = press === 0 ? [] : [press];
  const asked = await sha256Hex(JSON.stringify([method, path, body, file, ...which]));
  const key = { idempotencyKey: `${once}.${asked.slice(0, TOLD_APART)}` };
  const answer = await ask<T>(env, request, id, { ...question, ...(isId(once) ? key : {}) });
  if (!answer.ok && answer.status >= 500) throw problemOf(answer.problem);
  return answer;
}

/** A second press of the same button comes within so many seconds, and its answer is the one that is seen. */
const ONE_PRESS_S = 10;

/**
 * The same for what may well be wished for again, such as a test message: what comes again later, from
 * a page that somebody went back to, is another press.
 */
export async function askEachPress<T>(
  env: Env,
  request: Request,
  sent: DeskForm,
  question: Omit<Question, "idempotencyKey">,
): Promise<Asked<T>> {
  for (let press = 0; ; press++) {
    const answer = await askOnce<T>(env, request, sent, question, press);
    if (!answer.ok || (answer.repeatedAfter ?? 0) <= ONE_PRESS_S) return answer;
  }
}

/**
 * What is shown once only: null where the answer is one that was shown before. To whoever pressed
 * twice it was not: of two answers at once a browser shows the later one.
 */
export function shownOnce<T>(asked: Asked<T>, secretIn: (data: T) => string): string | null {
  if (!asked.ok) return null;
  const { data, repeatedAfter } = asked;
  return repeatedAfter === null || repeatedAfter <= ONE_PRESS_S ? secretIn(data) : null;
}

/** A field's text, trimmed; empty where there is none, or it is a file. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value) => typeof value === "string");
}

/** Rows on one page of a list at a desk. */
const LISTED = 25;

/** One page of a list, and the addresses of the first page and the next; null where there is none. */
export interface Listed<T> {
  readonly data: readonly T[];
  readonly first: string | null;
  readonly next: string | null;
}

interface List {
  /** Of the API's list. */
  readonly path: string;
  /** Of the page that shows it; its address names the cursor. */
  readonly page: string;
  /** Parameters of both. */
  readonly filters?: Readonly<Record<string, string | null>>;
  /** Where on the page the list stands: `#log`. */
  readonly at?: string;
}

/** The page of a list that a request asks for. Throws the problem the API met. */
export async function listAsked<T>(
  env: Env,
  request: Request,
  { organization }: Pick<Desk, "organization">,
  { path, page, filters = {}, at = "" }: List,
): Promise<Listed<T>> {
  const cursor = new URL(request.url).searchParams.get("cursor");
  const asked = listPath(path, { limit: String(LISTED), ...filters, cursor });
  const { data, next_cursor: next } = got(
    await ask<Page<T>>(env, request, organization.id, { method: "GET", path: asked }),
  );
  return {
    data,
    first: cursor === null ? null : `${listPath(page, filters)}${at}`,
    next: next === null ? null : `${listPath(page, { ...filters, cursor: next })}${at}`,
  };
}

/** A page of one of the API's lists. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

/** Milliseconds since 1970 of a time as the API shows it. */
export function timeOf(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso);
}

/** What a form did, by the word its page is asked for with; null for none of ours. */
export function doneOf<Word extends string>(request: Request, words: readonly Word[]): Word | null {
  const word = new URL(request.url).searchParams.get("done");
  return words.find((one) => one === word) ?? null;
}

/** The query that leads to the next or the first page of a list, with its filters. */
export function listPath(
  path: string,
  query: Readonly<Record<string, string | null | undefined>>,
): string {
  const given = Object.entries(query).filter(([, value]) => value != null && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, value ?? ""])).toString();
  return search === "" ? path : `${path}?${search}`;
}
