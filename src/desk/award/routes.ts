// Awarding one badge to one person: /award, with the search for people, a preview, and what became of it.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import { ask } from "../../api/ask.ts";
import { isLocalDemo } from "../../config.ts";
import { findBadge } from "../../db/badges.ts";
import type { Env } from "../../env.ts";
import { badgePicture } from "../../issuer/images.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { awardDonePage } from "../../pages/award-done.tsx";
import { awardFault, awardFaults } from "../../pages/award-faults.ts";
import { type AwardValues, awardFormPage } from "../../pages/award-form.tsx";
import { awardPreviewPage } from "../../pages/award-preview.tsx";
import type { Faults } from "../../pages/form.tsx";
import { WATCHED_HEADERS } from "../../pages/headers.ts";
import { PEOPLE_PATH } from "../../pages/person-field.tsx";
import { Problem } from "../../problem.ts";
import { type Desk, type DeskForm, deskForm, requireDesk } from "../../signin/desk.ts";
import { askOnce } from "../asked.ts";
import {
  awardBody,
  awardValues,
  EMPTY,
  endOfDay,
  evidenceOf,
  nominationBody,
} from "./award-values.ts";
import { badgeOf, choicesOf } from "./choices.ts";
import { type Named, personById, personNamed, searchPeople, textField } from "./person.ts";

const NEED = "coordinator";

export function awardRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get("/award", (c) => show(env, c));
  app.post("/award", (c) => send(env, c));
  app.get(PEOPLE_PATH, (c) => people(env, c));
  app.get("/award/done/:id", (c) => done(env, c, c.req.param("id")));
  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  ["/award", "GET, HEAD, POST"],
  [PEOPLE_PATH, "GET, HEAD"],
  ["/award/done/:id", "GET, HEAD"],
] as const;

async function show(env: Env, c: Context): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, NEED);
  const chosen = c.req.query("person") ?? "";
  const known = chosen === "" ? null : await findPerson(env, c, desk, chosen);
  const values: AwardValues = {
    ...EMPTY,
    mode: c.req.query("mode") === "nominate" ? "nominate" : "award",
    badge: c.req.query("badge") ?? "",
    ...(known === null ? {} : { person: known.name ?? known.email ?? "", user: known.id }),
  };
  return answerForm(env, desk, values);
}

function findPerson(env: Env, c: Context, desk: Desk, id: string) {
  return personById(env, c.req.raw, desk.organization.id, id);
}

async function answerForm(
  env: Env,
  desk: Desk,
  values: AwardValues,
  faults: Faults = [],
  status = faults.length === 0 ? 200 : 422,
): Promise<Response> {
  const { awardable, hidden } = await choicesOf(env, desk);
  const page = awardFormPage({
    account: desk.account,
    organizationId: desk.organization.id,
    choices: awardable,
    hidden,
    values,
    faults,
    now: env.now(),
    notice: null,
  });
  return privatePage(page, { status, headers: WATCHED_HEADERS });
}

/** The form comes three times: to be looked at, to be changed once more, and to be done. */
async function send(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const { desk, form } = sent;
  const values = awardValues(form);
  const { language } = desk.account;
  const step = textField(form, "step");
  if (step === "edit") return answerForm(env, desk, values);
  const named = await personNamed(env, c.req.raw, desk.organization.id, values);
  const faults = faultsIn(values, named, desk);
  if (named.is === "several") {
    return answerForm(env, desk, { ...values, among: named.among }, faults);
  }
  if (faults.length > 0 || (named.is !== "member" && named.is !== "new")) {
    return answerForm(env, desk, values, faults);
  }
  if (values.mode === "nominate") {
    if (named.is === "new") {
      const unknown = awardFault("person", "person-unknown-nominate", language);
      return answerForm(env, desk, values, unknown);
    }
    return nominate(env, c, sent, values, named.person.id);
  }
  return step === "do" ? award(env, c, sent, values, named) : preview(env, c, desk, values, named);
}

function faultsIn(values: AwardValues, named: Named, { account, memberIds }: Desk): Faults {
  const { language } = account;
  const nominates = values.mode === "nominate";
  const isOwn = named.is === "member" && memberIds.includes(named.person.id);
  return [
    ...(named.is === "empty" ? awardFault("person", "person-empty", language) : []),
    ...(named.is === "nobody"
      ? awardFault("person", nominates ? "person-unknown-nominate" : "person-unknown", language)
      : []),
    ...(named.is === "several" ? awardFault("user", "person-which-help", language) : []),
    ...(nominates && isOwn ? awardFault("person", "self-nominated", language) : []),
    ...(values.badge === "" ? awardFault("badge", "badge-empty", language) : []),
    ...(endOfDay(values.expires) === null ? awardFault("expires", "expires-wrong", language) : []),
    ...(nominates && values.note === "" ? awardFault("note", "note-empty", language) : []),
  ];
}

type Whom = Extract<Named, { is: "member" | "new" }>;

interface Foreseen {
  readonly would_award: boolean;
  readonly reason: string | null;
  readonly recipient: { readonly user: string | null; readonly name: string | null };
  readonly held: number;
  readonly expires_at: string | null;
  readonly award: { readonly urls: { readonly page: string } } | null;
  readonly mail: { subject: string; text: string; language: string } | null;
}

async function preview(
  env: Env,
  c: Context,
  desk: Desk,
  values: AwardValues,
  named: Whom,
): Promise<Response> {
  const { organization, account } = desk;
  const { id } = badgeOf(values.badge);
  const [foreseen, badge] = await Promise.all([
    ask<Foreseen>(env, c.req.raw, organization.id, {
      method: "POST",
      path: "/awards/preview",
      body: awardBody(values, named),
    }),
    findBadge(env.db, organization.id, id),
  ]);
  if (!foreseen.ok || badge === null) {
    const faults = foreseen.ok
      ? awardFault("badge", "badge-empty", account.language)
      : awardFaults(foreseen.problem, account.language);
    return answerForm(env, desk, values, faults, statusOf(foreseen));
  }
  const { recipient, held, award, mail, expires_at, would_award, reason } = foreseen.data;
  const typed = named.is === "new" ? named.email : (named.address ?? named.person.email ?? "—");
  const page = awardPreviewPage({
    account,
    badge,
    picture: await badgePicture(env.db, badge),
    urls: env.urls,
    organizationName: organization.name,
    person: recipient.name ?? (values.name === "" || named.is === "member" ? typed : values.name),
    publicName: recipient.name,
    isNew: recipient.user === null,
    held,
    skip: would_award
      ? null
      : {
          isTier: reason === "tier_level_monotonically_increasing",
          page: award?.urls.page ?? env.urls.home,
        },
    mail,
    canMail: env.mail !== undefined,
    evidence: evidenceOf(values.evidence),
    now: env.now(),
    expiresAt: expires_at === null ? null : Date.parse(expires_at),
    values:
      named.is === "member" && named.address === undefined
        ? { ...values, user: named.person.id }
        : values,
  });
  return privatePage(page);
}

/** What the API refused is a form to be changed; what was refused to the person says so itself. */
function statusOf(asked: { readonly ok: boolean; readonly status: number }): number {
  return asked.ok ? 422 : asked.status;
}

interface ShownAward {
  readonly id: string;
  readonly hash: string;
  readonly badge: string;
  readonly user: string;
  readonly recipient: { readonly type: string; readonly name: string | null };
  readonly status: string;
  readonly expires_at: string | null;
  readonly tier_level: number | null;
  readonly claim_state: "unclaimed" | "claimed" | "declined";
  readonly notification_sent: boolean;
}

async function award(
  env: Env,
  c: Context,
  sent: DeskForm,
  values: AwardValues,
  named: Whom,
): Promise<Response> {
  const { desk } = sent;
  const asked = await askOnce<ShownAward | { awarded: false; award: ShownAward }>(
    env,
    c.req.raw,
    sent,
    { method: "POST", path: "/awards", body: awardBody(values, named) },
  );
  if (!asked.ok) {
    const faults = awardFaults(asked.problem, desk.account.language);
    return answerForm(env, desk, values, faults, asked.status);
  }
  return "awarded" in asked.data
    ? seeOther(`/award/done/${asked.data.award.id}?held=yes`)
    : seeOther(`/award/done/${asked.data.id}`);
}

async function nominate(
  env: Env,
  c: Context,
  sent: DeskForm,
  values: AwardValues,
  userId: string,
): Promise<Response> {
  const { desk } = sent;
  const asked = await askOnce<{ id: string }>(env, c.req.raw, sent, {
    method: "POST",
    path: "/nominations",
    body: nominationBody(values, userId),
  });
  if (asked.ok) return seeOther(`/award/nominations/${asked.data.id}?done=nominated`);
  const faults = awardFaults(asked.problem, desk.account.language);
  return answerForm(env, desk, values, faults, asked.status);
}

/** For the script of the field: nothing where the page was about another organization. */
async function people(env: Env, c: Context): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, NEED);
  const text = (c.req.query("q") ?? "").trim();
  const isHere = c.req.query("organization") === desk.organization.id;
  const found =
    isHere && text !== "" ? await searchPeople(env, c.req.raw, desk.organization.id, text) : [];
  return c.json(found, 200, {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
}

async function done(env: Env, c: Context, id: string): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, NEED);
  const { organization, account } = desk;
  const path = `/awards/${encodeURIComponent(id)}`;
  const asked = await ask<ShownAward>(env, c.req.raw, organization.id, { method: "GET", path });
  const badge = asked.ok ? await findBadge(env.db, organization.id, asked.data.badge) : null;
  if (!asked.ok || badge === null) throw new Problem("not-found", "There is no such award here.");
  const shown = asked.data;
  const person = await findPerson(env, c, desk, shown.user);
  const page = awardDonePage({
    account,
    badge,
    person: shown.recipient.name ?? person?.name ?? person?.email ?? "—",
    wasHeld: c.req.query("held") === "yes",
    award: {
      hash: shown.hash,
      tierLevel: shown.tier_level,
      expiresAt: shown.expires_at === null ? null : Date.parse(shown.expires_at),
      isRevoked: shown.status === "revoked",
      claimState: shown.claim_state,
    },
    mail: mailOf(env, shown),
    isDemo: isLocalDemo(env.config),
    urls: env.urls,
  });
  return privatePage(page);
}

function mailOf(env: Env, { recipient, notification_sent }: ShownAward) {
  if (env.mail === undefined) return "off";
  if (notification_sent) return "yes";
  return recipient.type === "email" ? "waiting" : "none";
}
