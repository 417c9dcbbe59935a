// The wording of an organization's mails, for its administrators: /admin/mail/templates and one of them.
import { Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { ask } from "../../../api/ask.ts";
import { isLanguage } from "../../../api/fields.ts";
import { MAX_TEMPLATE_SUBJECT } from "../../../api/mail-templates.ts";
import type { Env } from "../../../env.ts";
import { canonicalLanguage } from "../../../issuer/language.ts";
import { MAIL_KINDS, type MailKind, type MailValue, SAMPLES } from "../../../mail/kinds.ts";
import { isShipped, LAST_LANGUAGE } from "../../../mail/shipped.ts";
import { privatePage, seeOther } from "../../../page-answer.ts";
import { type Faults, faultsOf } from "../../../pages/form.tsx";
import { TEMPLATES_PATH } from "../../../pages/mail.tsx";
import {
  type MailSample,
  TEMPLATE_PATH,
  type TemplateEdit,
  type TestResult,
  templatePage,
  templatePath,
  templatesPage,
} from "../../../pages/mail-templates.tsx";
import { Problem } from "../../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { correctable, doneOf, got, problemOf, textOf, timeOf } from "../../asked.ts";

/** As the API shows the words of a mail. */
interface ApiTemplate extends TemplateEdit {
  readonly placeholders: readonly string[];
  readonly is_shipped: boolean;
  readonly updated_at: string | null;
}

const SAMPLE_ADDRESS = "noor.haddad@example.org";
const FIELDS = { "/subject": "subject", "/body": "body" };

export function mailWordingRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(TEMPLATES_PATH, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    return answerTemplates(env, c.req.raw, desk, null);
  });
  app.get(TEMPLATE_PATH, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const { kind = "", language = "" } = c.req.query();
    return answerTemplate(env, c.req.raw, desk, { kind, language });
  });
  app.post(TEMPLATE_PATH, async (c) => {
    const { desk, form } = await deskForm(env, c.req.raw, "administrator");
    return templateDeed(env, c.req.raw, desk, form);
  });
  app.all(TEMPLATES_PATH, () => {
    throw wrongMethod("GET, HEAD");
  });
  app.all(TEMPLATE_PATH, () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

async function templatesOf(
  env: Env,
  request: Request,
  { organization }: Desk,
): Promise<readonly ApiTemplate[]> {
  const question = { method: "GET", path: "/mail-templates" } as const;
  const { data } = got(
    await ask<{ readonly data: readonly ApiTemplate[] }>(env, request, organization.id, question),
  );
  return data;
}

type Asked = Pick<TemplateEdit, "kind" | "language">;

/** All there are; `bad` is what was asked for in no language. */
async function answerTemplates(
  env: Env,
  request: Request,
  desk: Desk,
  bad: Asked | null,
): Promise<Response> {
  const known = await templatesOf(env, request, desk);
  const place = ({ kind, language }: Asked) => `${MAIL_KINDS.indexOf(kind)} ${language}`;
  const page = templatesPage({
    account: desk.account,
    kinds: MAIL_KINDS,
    templates: known
      .map(({ kind, language, subject, updated_at }) => ({
        kind,
        language,
        subject,
        updatedAt: timeOf(updated_at),
      }))
      .sort((one, other) => place(one).localeCompare(place(other))),
    badLanguage: bad,
    done: doneOf(request, ["reset"]),
  });
  return privatePage(page, { status: bad === null ? 200 : 422 });
}

function kindOf(text: string): MailKind {
  const kind = MAIL_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new Problem("not-found", "There is no mail of this kind.");
}

/** One to be written: as it stands, or else begun with the words that would be sent. */
async function answerTemplate(
  env: Env,
  request: Request,
  desk: Desk,
  given: { readonly kind: string; readonly language: string },
): Promise<Response> {
  const kind = kindOf(given.kind);
  const tag = given.language.trim();
  if (!isLanguage(tag)) return answerTemplates(env, request, desk, { kind, language: tag });
  const language = canonicalLanguage(tag);
  const known = await templatesOf(env, request, desk);
  const own = known.find((one) => one.kind === kind && one.language === language);
  const begun = own ?? known.find((one) => one.kind === kind && one.language === LAST_LANGUAGE);
  const { subject = "", body = "" } = begun ?? {};
  const done = doneOf(request, ["saved"]);
  return answerEdit(env, desk, known, { kind, language, subject, body }, { done });
}

interface Outcome {
  readonly faults?: Faults;
  readonly sample?: MailSample;
  readonly test?: TestResult;
  readonly done?: "saved" | null;
  readonly status?: number;
}

function answerEdit(
  env: Env,
  { account }: Desk,
  known: readonly ApiTemplate[],
  edit: TemplateEdit,
  { faults = [], sample, test, done = null, status = 200 }: Outcome,
): Promise<Response> {
  const own = known.find(({ kind, language }) => kind === edit.kind && language === edit.language);
  const values: Readonly<Record<string, MailValue>> = SAMPLES[edit.kind];
  const page = templatePage({
    account,
    edit,
    isOwn: own !== undefined && !own.is_shipped,
    hasShipped: isShipped(edit.language),
    placeholders: Object.entries(values).map(([name, value]) => ({
      name,
      sample: sampleOf(env, value),
    })),
    maxSubject: MAX_TEMPLATE_SUBJECT,
    faults,
    sample: sample ?? null,
    test: test ?? null,
    done,
  });
  return privatePage(page, { status });
}

function sampleOf({ urls }: Pick<Env, "urls">, value: MailValue): string {
  if (typeof value === "string") return value;
  return "href" in value ? urls.badgePage("…") : value.items.join(", ");
}

/** What the form's button says: to save, preview, send a test, or go back to the words that ship. */
async function templateDeed(
  env: Env,
  request: Request,
  desk: Desk,
  form: FormData,
): Promise<Response> {
  const kind = kindOf(textOf(form, "kind"));
  const tag = textOf(form, "language");
  if (!isLanguage(tag)) return answerTemplates(env, request, desk, { kind, language: tag });
  const language = canonicalLanguage(tag);
  const body = textOf(form, "body").replaceAll("\r\n", "\n");
  const edit: TemplateEdit = { kind, language, subject: textOf(form, "subject"), body };
  switch (textOf(form, "deed")) {
    case "preview":
      return preview(env, request, desk, edit);
    case "test":
      return test(env, request, desk, edit);
    case "reset":
      return reset(env, request, desk, edit);
    default:
      return save(env, request, desk, edit);
  }
}

function apiPath({ kind, language }: Asked): string {
  return `/mail-templates/${kind}/${encodeURIComponent(language)}`;
}

async function save(env: Env, request: Request, desk: Desk, edit: TemplateEdit) {
  const { kind, language, subject, body } = edit;
  const question = { method: "PUT", path: apiPath(edit), body: { subject, body } } as const;
  const asked = await ask(env, request, desk.organization.id, question);
  if (asked.ok) return seeOther(`${templatePath(kind, language)}&done=saved`);
  const faults = faultsOf(correctable(asked.problem), FIELDS, desk.account.language);
  return again(env, request, desk, edit, { faults, status: asked.status });
}

async function reset(env: Env, request: Request, desk: Desk, edit: TemplateEdit) {
  const question = { method: "DELETE", path: apiPath(edit) } as const;
  const asked = await ask(env, request, desk.organization.id, question);
  // Gone already: what was wanted.
  if (!asked.ok && asked.status !== 404) throw problemOf(asked.problem);
  return seeOther(`${TEMPLATES_PATH}?done=reset`);
}

async function preview(env: Env, request: Request, desk: Desk, edit: TemplateEdit) {
  const asked = await ask<Omit<MailSample, "from" | "to">>(env, request, desk.organization.id, {
    method: "POST",
    path: "/mail-templates/preview",
    body: edit,
  });
  if (asked.ok) {
    const { html, ...mail } = asked.data;
    const inner = /<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1] ?? "";
    const { name, address } = env.config.mailFrom;
    const from = `${name} <${address}>`;
    const sample = { ...mail, html: inner, from, to: SAMPLE_ADDRESS };
    return again(env, request, desk, edit, { sample });
  }
  const faults = faultsOf(correctable(asked.problem), FIELDS, desk.account.language);
  return again(env, request, desk, edit, { faults, status: asked.status });
}

async function test(env: Env, request: Request, desk: Desk, edit: TemplateEdit) {
  const asked = await ask<Exclude<TestResult, string>>(env, request, desk.organization.id, {
    method: "POST",
    path: "/mail-templates/test",
    body: edit,
  });
  if (asked.ok) return again(env, request, desk, edit, { test: asked.data });
  if (asked.problem.code === "mail-not-set-up") {
    return again(env, request, desk, edit, { test: "no-mail", status: asked.status });
  }
  const faults = faultsOf(correctable(asked.problem), FIELDS, desk.account.language);
  return again(env, request, desk, edit, { faults, status: asked.status });
}

async function again(
  env: Env,
  request: Request,
  desk: Desk,
  edit: TemplateEdit,
  outcome: Outcome,
): Promise<Response> {
  return answerEdit(env, desk, await templatesOf(env, request, desk), edit, outcome);
}
