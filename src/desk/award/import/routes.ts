// Awarding many at a desk: a file is checked, its rows are put right, its badges awarded, and its result fetched.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { type Asked, ask } from "../../../api/ask.ts";
import { resultOf } from "../../../api/import-file.ts";
import { MAX_BYTES, MAX_ROWS } from "../../../csv/limits.ts";
import { watchImport } from "../../../db/imports.ts";
import type { Env } from "../../../env.ts";
import { csvFile, doneWords, privatePage, seeOther } from "../../../page-answer.ts";
import type { Faults } from "../../../pages/form.tsx";
import { WATCHED_HEADERS } from "../../../pages/headers.ts";
import { importJobPage, isAtWork } from "../../../pages/import-job.tsx";
import { ROWS_SHOWN, type RowsShown } from "../../../pages/import-rows.tsx";
import {
  DELIMITERS_OFFERED,
  ENCODINGS_OFFERED,
  IMPORT_PATH,
  type ImportStartProps,
  type ImportView,
  importStartPage,
  MEANINGS,
} from "../../../pages/import-start.tsx";
import { fileFaults, type ImportRowView } from "../../../pages/import-words.ts";
import { IMPORT } from "../../../pages/words/import.ts";
import { speaker } from "../../../pages/words/speak.tsx";
import { Problem } from "../../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { askEachPress, askOnce } from "../../asked.ts";
import { choicesOf } from "../choices.ts";
import { textField } from "../person.ts";
import { sentRows } from "./sent-file.ts";

const NEED = "coordinator";
/** What a form has besides its file. */
const FORM_OVERHEAD_BYTES = 65_536;
const PAGE_ROWS = 50;
const PAGE_IMPORTS = 10;

interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

export function importRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(IMPORT_PATH, async (c) => {
    const desk = await requireDesk(env, c.req.raw, NEED);
    const badge = c.req.query("badge") ?? "";
    return answerStart(env, c, desk, { ...NOTHING, badge }, []);
  });
  app.post(IMPORT_PATH, (c) => check(env, c));
  app.get(`${IMPORT_PATH}/:id`, (c) => show(env, c, c.req.param("id")));
  app.get(`${IMPORT_PATH}/:id/result.csv`, (c) => result(env, c, c.req.param("id")));
  app.post(`${IMPORT_PATH}/:id/start`, (c) => again(env, c, c.req.param("id"), false));
  app.post(`${IMPORT_PATH}/:id/check`, (c) => again(env, c, c.req.param("id"), true));
  app.post(`${IMPORT_PATH}/:id/reading`, (c) => readAgain(env, c, c.req.param("id")));
  app.post(`${IMPORT_PATH}/:id/stop`, (c) => steer(env, c, c.req.param("id"), "cancel"));
  app.post(`${IMPORT_PATH}/:id/resume`, (c) => steer(env, c, c.req.param("id"), "resume"));
  app.post(`${IMPORT_PATH}/:id/rows/:line`, (c) => fix(env, c, c.req.param("id")));
  for (const [path, allow] of METHODS) {
    app.all(`${IMPORT_PATH}${path}`, () => {
      throw wrongMethod(allow);
    });
  }
  return app;
}

const METHODS = [
  ["", "GET, HEAD, POST"],
  ["/:id", "GET, HEAD"],
  ["/:id/result.csv", "GET, HEAD"],
  ["/:id/start", "POST"],
  ["/:id/check", "POST"],
  ["/:id/reading", "POST"],
  ["/:id/stop", "POST"],
  ["/:id/resume", "POST"],
  ["/:id/rows/:line", "POST"],
] as const;

const NOTHING: ImportStartProps["values"] = { text: "", badge: "", encoding: "", delimiter: "" };

async function answerStart(
  env: Env,
  c: Context,
  desk: Desk,
  values: ImportStartProps["values"],
  faults: Faults,
): Promise<Response> {
  const cursor = c.req.query("cursor");
  const query = new URLSearchParams({ limit: String(PAGE_IMPORTS), ...(cursor && { cursor }) });
  const [{ given }, before] = await Promise.all([
    choicesOf(env, desk),
    ask<Page<ImportView>>(env, c.req.raw, desk.organization.id, {
      method: "GET",
      path: `/imports?${query}`,
    }),
  ]);
  const { data, next_cursor } = before.ok ? before.data : { data: [], next_cursor: null };
  const page = importStartPage({
    account: desk.account,
    mostRows: MAX_ROWS,
    badges: given,
    values,
    faults,
    before: data,
    first: cursor === undefined ? null : IMPORT_PATH,
    next: next_cursor === null ? null : `${IMPORT_PATH}?cursor=${next_cursor}`,
  });
  return privatePage(page, { status: faults.length === 0 ? 200 : 422 });
}

/** The sign that stands for a delimiter's name; undefined for a guess. */
const delimiterOf = (name: string) => DELIMITERS_OFFERED.find(([, known]) => known === name)?.[0];
const encodingOf = (name: string) => ENCODINGS_OFFERED.find((known) => known === name);

async function check(env: Env, c: Context): Promise<Response> {
  const file = await deskForm(env, c.req.raw, NEED, MAX_BYTES + FORM_OVERHEAD_BYTES);
  const { desk, form } = file;
  const { language } = desk.account;
  const values = {
    text: textField(form, "text"),
    badge: textField(form, "badge"),
    encoding: textField(form, "encoding"),
    delimiter: textField(form, "delimiter"),
  };
  const sent = await sentRows(form);
  if (sent === null) {
    const detail = speaker(language, IMPORT)("file-empty");
    return answerStart(env, c, desk, values, [{ field: "file", detail, fix: "", language }]);
  }
  const encoding = encodingOf(values.encoding);
  const delimiter = delimiterOf(values.delimiter);
  const query = new URLSearchParams({
    dry_run: "true",
    any_columns: "true",
    name: sent.name,
    ...(values.badge === "" ? {} : { badge: values.badge }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
  });
  const asked = await askOnce<ImportView>(env, c.req.raw, file, {
    method: "POST",
    path: `/imports?${query}`,
    upload: { mediaType: "text/csv", bytes: sent.bytes },
  });
  if (asked.ok) return seeOther(`${IMPORT_PATH}/${asked.data.id}`);
  const field = values.text === "" ? "file" : "text";
  return answerStart(env, c, desk, values, fileFaults(asked.problem, field, language));
}

async function show(env: Env, c: Context, id: string): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, NEED);
  const t = speaker(desk.account.language, IMPORT);
  const words = { stopped: t("done-stopped"), resumed: t("done-resumed") };
  const notice = doneWords(words, c.req.raw) ?? (await fixedWords(env, c, desk, id));
  return answerJob(env, c, desk, id, { notice });
}

/** What became of a row that was changed just now; null where none was. */
async function fixedWords(env: Env, c: Context, desk: Desk, id: string): Promise<string | null> {
  const line = Number(c.req.query("fixed"));
  const outcome = c.req.query("outcome");
  if (!Number.isInteger(line) || line < 1) return null;
  if (outcome !== "awarded" && outcome !== "held" && outcome !== "refused") return null;
  const known = await watchImport(env.db, desk.organization.id, id);
  return known && speaker(desk.account.language, IMPORT)(`fixed-${outcome}`, { line });
}

interface JobState {
  readonly notice?: string | null;
  readonly faults?: Faults;
  readonly status?: number;
}

async function jobOf(env: Env, c: Context, desk: Desk, id: string): Promise<ImportView> {
  const asked = await ask<ImportView>(env, c.req.raw, desk.organization.id, {
    method: "GET",
    path: `/imports/${encodeURIComponent(id)}`,
  });
  if (asked.ok) return asked.data;
  throw new Problem("not-found", "There is no such import here.");
}

async function answerJob(
  env: Env,
  c: Context,
  desk: Desk,
  id: string,
  { notice = null, faults = [], status = 200 }: JobState,
): Promise<Response> {
  const job = await jobOf(env, c, desk, id);
  const atWork = isAtWork(job);
  const [choices, source, rows] = await Promise.all([
    atWork ? null : choicesOf(env, desk),
    watchImport(env.db, desk.organization.id, id),
    atWork ? null : rowsOf(env, c, desk, job),
  ]);
  const actor = source?.source.actor_id;
  const page = importJobPage({
    account: desk.account,
    job,
    badges: choices?.given ?? [],
    rows,
    isTheirs: desk.account.may.administer || actor === desk.session.user.id,
    faults,
    notice,
  });
  return privatePage(page, { status, headers: WATCHED_HEADERS });
}

/** Those to be put right first, where there are any. */
function shownOf(c: Context, { refused, awarded }: ImportView): RowsShown {
  const asked = ROWS_SHOWN.find((one) => one === c.req.query("show"));
  return asked ?? (refused > 0 ? "refused" : awarded > 0 ? "awarded" : "all");
}

async function rowsOf(env: Env, c: Context, desk: Desk, job: ImportView) {
  const show = shownOf(c, job);
  const cursor = c.req.query("cursor") ?? "";
  const query = new URLSearchParams({
    limit: String(PAGE_ROWS),
    ...(show === "all" ? {} : { outcome: show }),
    ...(cursor === "" ? {} : { cursor }),
  });
  const asked = await ask<Page<ImportRowView>>(env, c.req.raw, desk.organization.id, {
    method: "GET",
    path: `/imports/${job.id}/rows?${query}`,
  });
  const { data, next_cursor } = asked.ok ? asked.data : { data: [], next_cursor: null };
  const first = `${IMPORT_PATH}/${job.id}?show=${show}`;
  const counted = { all: job.done, awarded: job.awarded, held: job.held, refused: job.refused };
  return {
    show,
    rows: data,
    cursor,
    first: cursor === "" ? null : first,
    next: next_cursor === null ? null : `${first}&cursor=${next_cursor}`,
    areGone: data.length === 0 && cursor === "" && counted[show] > 0,
  };
}

/** Sends a job on: to its page, or to the one it came from, with what was wrong. */
async function follow(
  env: Env,
  c: Context,
  desk: Desk,
  id: string,
  asked: Asked<ImportView>,
): Promise<Response> {
  if (asked.ok) return seeOther(`${IMPORT_PATH}/${asked.data.id}`);
  const faults = fileFaults(asked.problem, "reading", desk.account.language);
  return answerJob(env, c, desk, id, { faults, status: asked.status });
}

async function again(env: Env, c: Context, id: string, isDryRun: boolean): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const asked = await askOnce<ImportView>(env, c.req.raw, sent, {
    method: "POST",
    path: `/imports/${encodeURIComponent(id)}/again`,
    body: { dry_run: isDryRun, any_columns: isDryRun },
  });
  return follow(env, c, sent.desk, id, asked);
}

async function readAgain(env: Env, c: Context, id: string): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const { desk, form } = sent;
  const { reading } = await jobOf(env, c, desk, id);
  const columns = reading.columns.map(({ name }, i) => {
    const as = textField(form, `column-${i}`);
    return { name, as: MEANINGS.find((one) => one === as) ?? null };
  });
  const badge = textField(form, "badge");
  const encoding = encodingOf(textField(form, "encoding"));
  const delimiter = delimiterOf(textField(form, "delimiter"));
  const asked = await askOnce<ImportView>(env, c.req.raw, sent, {
    method: "POST",
    path: `/imports/${encodeURIComponent(id)}/again`,
    body: {
      dry_run: true,
      any_columns: true,
      badge: badge === "" ? null : badge,
      ...(encoding === undefined ? {} : { encoding }),
      ...(delimiter === undefined ? {} : { delimiter }),
      columns,
    },
  });
  return follow(env, c, desk, id, asked);
}

async function steer(
  env: Env,
  c: Context,
  id: string,
  deed: "cancel" | "resume",
): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const asked = await askEachPress<ImportView>(env, c.req.raw, sent, {
    method: "POST",
    path: `/imports/${encodeURIComponent(id)}/${deed}`,
  });
  // It has ended meanwhile: its page says so.
  if (!asked.ok && asked.problem.code !== "import-finished") {
    return follow(env, c, sent.desk, id, asked);
  }
  return seeOther(`${IMPORT_PATH}/${id}${asked.ok ? `?done=${DEEDS[deed]}` : ""}`);
}

const DEEDS = { cancel: "stopped", resume: "resumed" } as const;

async function fix(env: Env, c: Context, id: string): Promise<Response> {
  const { desk, form } = await deskForm(env, c.req.raw, NEED);
  const { reading } = await jobOf(env, c, desk, id);
  const cells = reading.columns.flatMap(({ name }, i): [string, string][] =>
    form.has(`cell-${i}`) ? [[name, textField(form, `cell-${i}`)]] : [],
  );
  const line = c.req.param("line") ?? "";
  // As it is typed last, whatever the row was changed to before: twice it comes to the same.
  const asked = await ask<ImportRowView>(env, c.req.raw, desk.organization.id, {
    method: "PATCH",
    path: `/imports/${encodeURIComponent(id)}/rows/${encodeURIComponent(line)}`,
    body: { values: { ...Object.fromEntries(cells), "": "" } },
  });
  if (!asked.ok) {
    const faults = fileFaults(asked.problem, "reading", desk.account.language);
    return answerJob(env, c, desk, id, { faults, status: asked.status });
  }
  const query = new URLSearchParams({ fixed: line, outcome: asked.data.outcome ?? "" });
  for (const name of ["show", "cursor"]) {
    const value = textField(form, name);
    if (value !== "") query.set(name, value);
  }
  return seeOther(`${IMPORT_PATH}/${id}?${query}#row-${line}`);
}

async function result(env: Env, c: Context, id: string): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, NEED);
  const found = await watchImport(env.db, desk.organization.id, id);
  if (found === null) throw new Problem("not-found", "There is no such import here.");
  return csvFile(resultOf(env, found.source), `import-${found.source.id}.csv`);
}
