// The set-up of a new installation: /setup/:token, by a link that is printed where it runs.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import type { SetupLink } from "../../db/setup-links.ts";
import { isEmail } from "../../email-address.ts";
import type { Env } from "../../env.ts";
import { newId } from "../../ids.ts";
import { type Language, languageOf } from "../../language.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { type Faults, type FieldFault, faultsOf } from "../../pages/form.tsx";
import { OVERVIEW_PATH } from "../../pages/overview.tsx";
import {
  noSetupPage,
  SETUP_PATH,
  type SetupStep,
  type SetupValues,
  setupPage,
} from "../../pages/setup.tsx";
import { SETUP } from "../../pages/words/setup.ts";
import { speaker } from "../../pages/words/speak.tsx";
import { Problem } from "../../problem.ts";
import { problemDocument } from "../../problem-document.ts";
import { browserOf } from "../../signin/browser.ts";
import { readFormWith } from "../../signin/session.ts";
import { addressFault } from "./address.ts";
import { checkedBadge, checkedOrganization, type FirstBadge, finishSetup } from "./finish.ts";
import { setupStateOf, wasUsed } from "./link.ts";

const ONE = `${SETUP_PATH}/:token`;

export function setupRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(SETUP_PATH, (c) => show(env, c));
  app.all(SETUP_PATH, () => {
    throw wrongMethod("GET, HEAD");
  });
  app.get(ONE, (c) => show(env, c));
  app.post(ONE, (c) => send(env, c));
  app.all(ONE, () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

/** Changes nothing, however often it is opened. */
async function show(env: Env, c: Context): Promise<Response> {
  const found = await linkOf(env, c);
  if (found instanceof Response) return found;
  const address = env.config.publicUrl;
  const values: SetupValues = { ...valuesOf(new FormData()), address };
  return answerStep(env, c, { step: 1, values, faults: [] });
}

/** The link of the address; or what to answer where there is none to set anything up with. */
async function linkOf(env: Env, c: Context): Promise<SetupLink | Response> {
  const token = c.req.param("token");
  const { state, link } = await setupStateOf(env, token ?? "");
  if (state === "open") return link;
  if (state === "over") throw new Problem("not-found", "There is nothing at this address.");
  const language = languageOf(c.req.raw);
  const why = token === undefined ? "none" : state;
  const page = noSetupPage({ language, why });
  return privatePage(page, { status: state === "ended" ? 410 : 404 });
}

interface StepState {
  readonly step: SetupStep;
  readonly values: SetupValues;
  readonly faults: Faults;
}

async function answerStep(env: Env, c: Context, state: StepState): Promise<Response> {
  const { formToken, cookie } = await browserOf(env, c.req.raw);
  const page = setupPage({
    ...state,
    language: languageOf(c.req.raw),
    action: `${SETUP_PATH}/${c.req.param("token")}`,
    formToken,
    publicUrl: env.config.publicUrl,
    isLocal: env.config.publicUrlIsLocal,
    canSignIn: env.mail !== undefined || env.config.oidc !== null,
  });
  return privatePage(page, { status: state.faults.length === 0 ? 200 : 422, cookie });
}

function valuesOf(form: FormData): SetupValues {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim().replaceAll("\r\n", "\n") : "";
  };
  return {
    organization: text("organization"),
    url: text("url"),
    name: text("name"),
    email: text("email"),
    contact: text("contact"),
    address: text("address"),
    badge_name: text("badge_name"),
    badge_description: text("badge_description"),
    badge_criteria: text("badge_criteria"),
  };
}

const STEPS: Readonly<Record<string, SetupStep>> = { 1: 1, 2: 2, 3: 3 };

/** Nothing is stored before the last step: what was typed comes along, and is looked at again. */
async function send(env: Env, c: Context): Promise<Response> {
  if (await wasUsed(env, c.req.param("token") ?? "")) return seeOther(OVERVIEW_PATH);
  const link = await linkOf(env, c);
  if (link instanceof Response) return link;
  const { formToken } = await browserOf(env, c.req.raw);
  const form = await readFormWith(env, formToken, c.req.raw);
  const values = valuesOf(form);
  const step = STEPS[String(form.get("step"))] ?? 1;
  if (form.has("back") && step > 1) {
    return answerStep(env, c, { step: step === 3 ? 2 : 1, values, faults: [] });
  }
  const skips = form.has("skip");
  for (const one of [1, 2, 3] as const) {
    if (one > step) break;
    const faults = one === 3 && skips ? [] : faultsIn(env, c, one, values);
    if (faults.length > 0) return answerStep(env, c, { step: one, values, faults });
  }
  if (step === 1) return answerStep(env, c, { step: 2, values, faults: [] });
  if (step === 2) return answerStep(env, c, { step: 3, values, faults: [] });
  return finish(env, c, link, values, skips);
}

function organizationOf(c: Context, values: SetupValues) {
  return {
    name: values.organization,
    url: values.url,
    email: values.contact || values.email,
    language: languageOf(c.req.raw) === "de" ? "de" : "en",
  };
}

function badgeOf(values: SetupValues): FirstBadge {
  return {
    name: values.badge_name,
    description: values.badge_description,
    criteria: { narrative: values.badge_criteria },
  };
}

/** Which field a fault of the API is shown at. */
const FIELDS: Readonly<Record<string, string>> = {
  "/name": "organization",
  "/slug": "organization",
  "/url": "url",
  "/email": "contact",
};
const BADGE_FIELDS: Readonly<Record<string, string>> = {
  "/name": "badge_name",
  "/description": "badge_description",
  "/criteria": "badge_criteria",
};

function faultsIn(env: Env, c: Context, step: SetupStep, values: SetupValues): Faults {
  const language = languageOf(c.req.raw);
  const t = speaker(language, SETUP);
  if (step === 2) {
    const fault = addressFault(values.address, env.config.publicUrl);
    if (fault === null) return [];
    const named = { current: env.config.publicUrl, typed: values.address };
    return [{ field: "address", detail: t(fault, named), fix: t(`${fault}-fix`, named), language }];
  }
  if (step === 3) {
    return refusedFaults(env, language, BADGE_FIELDS, () => checkedBadge(badgeOf(values)));
  }
  const own: FieldFault[] = isEmail(values.email)
    ? []
    : [{ field: "email", detail: t("email-wrong"), fix: t("email-wrong-fix"), language }];
  const organization = organizationOf(c, values);
  const others = refusedFaults(env, language, FIELDS, () => checkedOrganization(organization));
  // The contact that was left empty is the address above it, which is named already.
  const all = [...others, ...own];
  return all.filter(({ field }) => field !== "contact" || values.contact !== "");
}

/** What the API would say of it. */
function refusedFaults(
  env: Env,
  language: Language,
  fields: Readonly<Record<string, string>>,
  check: () => unknown,
): Faults {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const document = problemDocument(error, env.urls.problem(error.code), newId(env));
    return faultsOf(document, fields, language);
  }
}

async function finish(
  env: Env,
  c: Context,
  link: SetupLink,
  values: SetupValues,
  skips: boolean,
): Promise<Response> {
  const language = languageOf(c.req.raw);
  try {
    const done = await finishSetup(env, c.req.raw, link, {
      organization: organizationOf(c, values),
      administrator: { name: values.name || null, email: values.email },
      badge: skips ? null : badgeOf(values),
    });
    if (done.ok) return seeOther(OVERVIEW_PATH, done.cookie);
    if (done.reason === "overtaken") return overtaken(env, c);
    const t = speaker(language, SETUP);
    const fault = { field: "email", detail: t("suspended"), fix: t("suspended-fix"), language };
    return answerStep(env, c, { step: 1, values, faults: [fault] });
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    // Whoever was faster with the same link has taken the organization's name.
    const { state } = await setupStateOf(env, c.req.param("token") ?? "");
    if (state !== "open") return overtaken(env, c);
    const document = problemDocument(error, env.urls.problem(error.code), newId(env));
    const isBadges = !hasSlugFault(error);
    const fields = isBadges ? BADGE_FIELDS : FIELDS;
    const faults = faultsOf(document, fields, language);
    return answerStep(env, c, { step: isBadges ? 3 : 1, values, faults });
  }
}

/** A form sent twice is done once, and its browser shows the second answer. */
async function overtaken(env: Env, c: Context): Promise<Response> {
  const isDone = await wasUsed(env, c.req.param("token") ?? "");
  return isDone ? seeOther(OVERVIEW_PATH) : show(env, c);
}

/** No short name can be made of the organization's name, or another one has it. */
function hasSlugFault({ errors }: Problem): boolean {
  return errors.some(({ pointer }) => pointer === "/slug");
}
