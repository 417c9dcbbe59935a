// An organization's webhooks, for its administrators: /admin/webhooks, one endpoint, and one of its messages.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import { ask, type Question } from "../../api/ask.ts";
import type { Env } from "../../env.ts";
import { WEBHOOK_EVENTS } from "../../issuer/announce.ts";
import { drain } from "../../jobs/drain.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { type Faults, faultsOf } from "../../pages/form.tsx";
import {
  LOG_STATES,
  OVERLAPS,
  removeEndpointPage,
  rotateEndpointPage,
  webhookPage,
} from "../../pages/webhook.tsx";
import { deliveryPath, webhookDeliveryPage } from "../../pages/webhook-delivery.tsx";
import {
  type EndpointForm,
  endpointPath,
  endpointSecretPage,
  WEBHOOKS_PATH,
  webhooksPage,
} from "../../pages/webhooks.tsx";
import { Problem } from "../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../signin/desk.ts";
import { deliverWebhooks } from "../../webhooks/deliver.ts";
import {
  askEachPress,
  askOnce,
  correctable,
  doneOf,
  got,
  listAsked,
  shownOnce,
  textOf,
  textsOf,
} from "../asked.ts";
import { type ApiDelivery, type ApiEndpoint, deliveryOf, endpointOf } from "./read.ts";

/** A ping goes to the endpoint it was asked for, whatever else that is told of. */
const EVENTS = WEBHOOK_EVENTS.filter((event) => event !== "ping");
const EMPTY: EndpointForm = { url: "", description: "", events: [] };
const FIELDS = { "/url": "url", "/description": "description", "/events": "events" };
const ONE = `${WEBHOOKS_PATH}/:id`;
const DELIVERY = `${ONE}/deliveries/:delivery`;

export function webhookPageRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(WEBHOOKS_PATH, async (c) =>
    answerList(env, c, await requireDesk(env, c.req.raw, "administrator")),
  );
  app.post(WEBHOOKS_PATH, (c) => add(env, c));
  app.get(ONE, async (c) => answerOne(env, c, await requireDesk(env, c.req.raw, "administrator")));
  app.post(ONE, (c) => change(env, c));
  app.get(`${ONE}/rotate`, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const endpoint = endpointOf(await endpointAsked(env, c, desk));
    return privatePage(rotateEndpointPage({ account: desk.account, endpoint }));
  });
  app.post(`${ONE}/rotate`, (c) => rotate(env, c));
  app.get(`${ONE}/delete`, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const endpoint = endpointOf(await endpointAsked(env, c, desk));
    return privatePage(removeEndpointPage({ account: desk.account, endpoint }));
  });
  app.post(`${ONE}/:deed`, (c) => perform(env, c));
  app.get(DELIVERY, (c) => showDelivery(env, c));
  app.post(`${DELIVERY}/resend`, (c) => resend(env, c));
  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  [WEBHOOKS_PATH, "GET, HEAD, POST"],
  [ONE, "GET, HEAD, POST"],
  [`${ONE}/rotate`, "GET, HEAD, POST"],
  [`${ONE}/delete`, "GET, HEAD, POST"],
  [`${ONE}/:deed{enable|disable|ping|resend}`, "POST"],
  [DELIVERY, "GET, HEAD"],
  [`${DELIVERY}/resend`, "POST"],
] as const;

function apiPath(c: Context, rest = ""): string {
  return `/webhook-endpoints/${encodeURIComponent(c.req.param("id") ?? "")}${rest}`;
}

async function endpointAsked(env: Env, c: Context, { organization }: Desk): Promise<ApiEndpoint> {
  const question: Question = { method: "GET", path: apiPath(c) };
  return got(await ask<ApiEndpoint>(env, c.req.raw, organization.id, question));
}

interface FormState {
  readonly form?: EndpointForm;
  readonly faults?: Faults;
  readonly status?: number;
}

async function answerList(env: Env, c: Context, desk: Desk, state: FormState = {}) {
  const onlyDisabled = c.req.query("state") === "disabled";
  const list = { path: "/webhook-endpoints", page: WEBHOOKS_PATH };
  const { data, first, next } = await listAsked<ApiEndpoint>(env, c.req.raw, desk, list);
  const { form = EMPTY, faults = [], status = 200 } = state;
  const endpoints = data.map(endpointOf);
  return privatePage(
    webhooksPage({
      account: desk.account,
      // An organization has few: all of them are on the first page.
      endpoints: onlyDisabled ? endpoints.filter(({ disabled }) => disabled !== null) : endpoints,
      events: EVENTS,
      onlyDisabled,
      first,
      next,
      form,
      faults,
      done: doneOf(c.req.raw, ["removed"]),
    }),
    { status },
  );
}

function formOf(form: FormData): EndpointForm {
  return {
    url: textOf(form, "url"),
    description: textOf(form, "description"),
    events: textsOf(form, "events"),
  };
}

type WithSecret = ApiEndpoint & { readonly secret: string };

async function add(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const form = formOf(sent.form);
  const question = { method: "POST", path: "/webhook-endpoints", body: form } as const;
  const asked = await askOnce<WithSecret>(env, c.req.raw, sent, question);
  const { account } = sent.desk;
  if (!asked.ok) {
    const faults = faultsOf(correctable(asked.problem), FIELDS, account.language);
    return answerList(env, c, sent.desk, { form, faults, status: asked.status });
  }
  const secret = shownOnce(asked, (made) => made.secret);
  const page = endpointSecretPage({ account, endpoint: asked.data, secret });
  return privatePage(page, { status: secret === null ? 200 : 201 });
}

async function answerOne(env: Env, c: Context, desk: Desk, given: FormState = {}) {
  const endpoint = endpointOf(await endpointAsked(env, c, desk));
  const state = LOG_STATES.find((one) => one === c.req.query("state")) ?? null;
  const { data, first, next } = await listAsked<ApiDelivery>(env, c.req.raw, desk, {
    path: apiPath(c, "/deliveries"),
    page: endpointPath(endpoint.id),
    filters: { state },
    at: "#log",
  });
  return privatePage(
    webhookPage({
      account: desk.account,
      endpoint,
      form: given.form ?? endpoint,
      events: EVENTS,
      faults: given.faults ?? [],
      state,
      deliveries: data.map(deliveryOf),
      first,
      next,
      done: doneOf(c.req.raw, ["saved", "enabled", "disabled", "all-resent"]),
    }),
    { status: given.status ?? 200 },
  );
}

async function change(env: Env, c: Context): Promise<Response> {
  const { desk, form } = await deskForm(env, c.req.raw, "administrator");
  const body = formOf(form);
  const question: Question = { method: "PATCH", path: apiPath(c), body };
  const asked = await ask<ApiEndpoint>(env, c.req.raw, desk.organization.id, question);
  if (!asked.ok) {
    const faults = faultsOf(correctable(asked.problem), FIELDS, desk.account.language);
    return answerOne(env, c, desk, { form: body, faults, status: asked.status });
  }
  return seeOther(`${endpointPath(asked.data.id)}?done=saved`);
}

async function rotate(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const overlap = OVERLAPS.find((one) => one === textOf(sent.form, "overlap")) ?? OVERLAPS[0];
  const body = { overlap_hours: Number(overlap) };
  const question: Question = { method: "POST", path: apiPath(c, "/rotate-secret"), body };
  const asked = await askOnce<WithSecret>(env, c.req.raw, sent, question);
  const endpoint = got(asked);
  const secret = shownOnce(asked, (rotated) => rotated.secret);
  return privatePage(endpointSecretPage({ account: sent.desk.account, endpoint, secret }));
}

async function perform(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const put = (question: Question) => ask(env, c.req.raw, sent.desk.organization.id, question);
  const putEachPress = (question: Question) => askEachPress(env, c.req.raw, sent, question);
  const here = endpointPath(c.req.param("id") ?? "");
  switch (c.req.param("deed")) {
    case "enable":
    case "disable": {
      const enabled = c.req.param("deed") === "enable";
      got(await put({ method: "PATCH", path: apiPath(c), body: { enabled } }));
      return seeOther(`${here}?done=${enabled ? "enabled" : "disabled"}`);
    }
    case "ping": {
      const question = { method: "POST", path: apiPath(c, "/ping") } as const;
      const made = got(await putEachPress(question)) as ApiDelivery;
      sendNow(env);
      return seeOther(`${deliveryPath(made.endpoint, made.id)}?done=pinged`);
    }
    case "resend":
      got(await putEachPress({ method: "POST", path: apiPath(c, "/resend"), body: {} }));
      sendNow(env);
      return seeOther(`${here}?done=all-resent`);
    case "delete":
      got(await askOnce(env, c.req.raw, sent, { method: "DELETE", path: apiPath(c) }));
      return seeOther(`${WEBHOOKS_PATH}?done=removed`);
    default:
      throw new Problem("not-found", "There is nothing at this address.");
  }
}

/** Somebody sits before the screen: on Workers the next run might be a minute away. */
function sendNow(env: Env): void {
  env.background(drain(env, { "webhook.deliver": deliverWebhooks }, { limit: 2 }));
}

async function deliveryAsked(env: Env, c: Context, { organization }: Desk): Promise<ApiDelivery> {
  const path = `/webhook-deliveries/${encodeURIComponent(c.req.param("delivery") ?? "")}`;
  const found = got(
    await ask<ApiDelivery>(env, c.req.raw, organization.id, { method: "GET", path }),
  );
  if (found.endpoint === c.req.param("id")) return found;
  throw new Problem("not-found", "This endpoint was sent no such message.");
}

async function showDelivery(env: Env, c: Context): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, "administrator");
  const delivery = await deliveryAsked(env, c, desk);
  const { disabled } = await endpointAsked(env, c, desk);
  return privatePage(
    webhookDeliveryPage({
      account: desk.account,
      endpointId: delivery.endpoint,
      delivery: deliveryOf(delivery),
      canResend: disabled === null,
      done: doneOf(c.req.raw, ["pinged", "resent"]),
    }),
  );
}

async function resend(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const { id, endpoint } = await deliveryAsked(env, c, sent.desk);
  const path = `/webhook-deliveries/${id}/resend`;
  got(await askEachPress(env, c.req.raw, sent, { method: "POST", path }));
  sendNow(env);
  return seeOther(`${deliveryPath(endpoint, id)}?done=resent`);
}
