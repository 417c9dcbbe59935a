// The settings of an organization for its administrators: /admin/settings.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import { ask } from "../../api/ask.ts";
import type { Env } from "../../env.ts";
import { doneWord, privatePage, seeOther } from "../../page-answer.ts";
import { type Faults, faultsOf } from "../../pages/form.tsx";
import {
  PICTURE_PATH,
  SETTINGS_PATH,
  type SettingsValues,
  settingsPage,
} from "../../pages/settings.tsx";
import { SETTINGS_WORDS } from "../../pages/words/settings.ts";
import { speaker } from "../../pages/words/speak.tsx";
import type { ProblemDocument } from "../../problem-document.ts";
import { type Desk, type DeskForm, deskForm, requireDesk } from "../../signin/desk.ts";
import { askOnce, problemOf } from "../asked.ts";
import {
  changesOf,
  FIELDS,
  type ShownOrganization,
  typedValues,
  valuesOf,
} from "./profile-form.ts";

/** What a form with a file holds besides the file. */
const FORM_OVERHEAD_BYTES = 16 * 1024;

const DONE = ["saved", "picture", "removed"] as const;

export function settingsRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(SETTINGS_PATH, (c) => show(env, c));
  app.post(SETTINGS_PATH, (c) => change(env, c));
  app.post(PICTURE_PATH, (c) => upload(env, c));
  app.post(`${PICTURE_PATH}/remove`, async (c) => {
    const sent = await deskForm(env, c.req.raw, "administrator");
    const asked = await setPicture(env, c, sent, null);
    if (!asked.ok) throw problemOf(asked.problem);
    return seeOther(`${SETTINGS_PATH}?done=removed`);
  });
  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  [SETTINGS_PATH, "GET, HEAD, POST"],
  [PICTURE_PATH, "POST"],
  [`${PICTURE_PATH}/remove`, "POST"],
] as const;

interface State {
  readonly done?: string | null;
  readonly faults?: Faults;
  readonly values?: SettingsValues;
  readonly status?: number;
}

async function show(env: Env, c: Context): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, "administrator");
  const word = doneWord(DONE, c.req.raw);
  const t = speaker(desk.account.language, SETTINGS_WORDS);
  return answerSettings(env, c, desk, { done: word === null ? null : t(`done-${word}`) });
}

async function answerSettings(env: Env, c: Context, desk: Desk, state: State): Promise<Response> {
  const { organization, account } = desk;
  const asked = await ask<ShownOrganization>(env, c.req.raw, organization.id, {
    method: "GET",
    path: `/organizations/${organization.id}`,
  });
  if (!asked.ok) throw problemOf(asked.problem);
  const page = settingsPage({
    account,
    values: state.values ?? valuesOf(asked.data),
    etag: asked.etag ?? "",
    issuer: asked.data.issuer,
    publicUrl: env.config.publicUrl,
    isLocal: env.config.publicUrlIsLocal,
    picture: await pictureOf(env, c, desk, asked.data.image_id),
    done: state.done ?? null,
    faults: state.faults ?? [],
  });
  return privatePage(page, { status: state.status ?? 200 });
}

async function pictureOf(
  env: Env,
  c: Context,
  { organization }: Desk,
  imageId: string | null,
): Promise<string | null> {
  if (imageId === null) return null;
  const asked = await ask<{ readonly url: string }>(env, c.req.raw, organization.id, {
    method: "GET",
    path: `/images/${imageId}`,
  });
  return asked.ok ? asked.data.url : null;
}

function patchOf({ desk }: DeskForm, body: unknown) {
  return { method: "PATCH", path: `/organizations/${desk.organization.id}`, body } as const;
}

/** Twice it comes to the same; and what was chosen otherwise meanwhile is chosen anew. */
function setPicture(env: Env, c: Context, sent: DeskForm, id: string | null) {
  return ask(env, c.req.raw, sent.desk.organization.id, patchOf(sent, { image_id: id }));
}

async function change(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const { desk, form } = sent;
  const values = typedValues(form);
  const etag = form.get("etag");
  const ifMatch = typeof etag === "string" && etag !== "" ? etag : undefined;
  const asked = await askOnce(env, c.req.raw, sent, {
    ...patchOf(sent, changesOf(values)),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
  if (asked.ok) return seeOther(`${SETTINGS_PATH}?done=saved`);
  const { language } = desk.account;
  if (asked.status === 412) {
    const t = speaker(language, SETTINGS_WORDS);
    const fault = { field: "", detail: t("changed"), fix: t("changed-fix"), language };
    return answerSettings(env, c, desk, { faults: [fault], status: 412 });
  }
  return refused(env, c, desk, asked, values);
}

interface Refused {
  readonly status: number;
  readonly problem: ProblemDocument;
}

function refused(
  env: Env,
  c: Context,
  desk: Desk,
  { status, problem }: Refused,
  values?: SettingsValues,
): Promise<Response> {
  if (status >= 500 || status === 403 || status === 404) throw problemOf(problem);
  const faults = faultsOf(problem, FIELDS, desk.account.language);
  return answerSettings(env, c, desk, { faults, status, ...(values ? { values } : {}) });
}

async function upload(env: Env, c: Context): Promise<Response> {
  const most = env.config.maxUploadBytes + FORM_OVERHEAD_BYTES;
  const sent = await deskForm(env, c.req.raw, "administrator", most);
  const { desk, form } = sent;
  const file = form.get("file");
  if (!(file instanceof File) || file.size === 0) {
    const { language } = desk.account;
    const t = speaker(language, SETTINGS_WORDS);
    const [detail, fix] = [t("picture-missing"), t("picture-missing-fix")];
    const faults = [{ field: "file", detail, fix, language }];
    return answerSettings(env, c, desk, { faults, status: 422 });
  }
  const name = file.name === "" ? "picture" : file.name.slice(0, 255);
  const asked = await ask<{ readonly id: string }>(env, c.req.raw, desk.organization.id, {
    method: "POST",
    path: `/images?${new URLSearchParams({ name })}`,
    upload: {
      mediaType: file.type === "image/svg+xml" ? "image/svg+xml" : "image/png",
      bytes: new Uint8Array(await file.arrayBuffer()),
    },
  });
  if (!asked.ok) return refused(env, c, desk, asked);
  const kept = await setPicture(env, c, sent, asked.data.id);
  return kept.ok ? seeOther(`${SETTINGS_PATH}?done=picture`) : refused(env, c, desk, kept);
}
