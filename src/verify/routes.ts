// The page that verifies any badge, and the answer to what is given there; nothing of it is kept.
import { type Context, Hono } from "hono";
import { answerProblem, wrongMethod } from "../answer.ts";
import type { Env, Picture } from "../env.ts";
import { currentSigner } from "../issuer/signing-key.ts";
import { languageOf } from "../language.ts";
import { callerOf, remoteAddress } from "../net/caller.ts";
import { PAGE_HEADERS, SCRIPTED_HEADERS, spoken } from "../pages/headers.ts";
import { verificationPage } from "../pages/verification-page.tsx";
import { faultOf, VerifyFault } from "../pages/verify-fault.tsx";
import { VERIFY_PATH, type VerifyPlace, verifyPage } from "../pages/verify-page.tsx";
import { Problem } from "../problem.ts";
import { readBytes, requireMediaType } from "../request-body.ts";
import { MAX_ADDRESS_LENGTH } from "./input.ts";
import { ask, carried, MAX_RECIPIENT_LENGTH, MAX_RECIPIENTS, type Question } from "./request.ts";

/** The page changes with a new version of the program only. */
const FOR_A_WHILE = { "cache-control": "public, max-age=300" };
const NEVER = { "cache-control": "no-store" };

/** What boundaries, part headers and the short fields may add to a file. */
const FORM_OVERHEAD_BYTES = 64 * 1024;
/** Not the other kind: a million empty pairs in two megabytes take a form parser ten seconds. */
const FORMS = ["multipart/form-data"];

export function verifyRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.get("/verify", async (c) => {
    // What a link fills in is looked at when the form is sent, never by opening the page.
    const input = (c.req.query("input") ?? "").slice(0, MAX_ADDRESS_LENGTH);
    const place = placeOf(c);
    const page = await verifyPage({ fault: null, input, ...place });
    return c.body(String(page), 200, { ...spoken(PAGE_HEADERS, place.language), ...FOR_A_WHILE });
  });
  // No token against forgery of this form: there is no session to ride on, nothing is changed, and
  // whoever makes a browser send it learns nothing, since the answer is the browser's alone.
  app.post("/verify", (c) => answerForm(env, c));
  app.all("/verify", () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

/** Forms go where they were asked for: whoever chose a language in the address keeps it. */
function placeOf(c: Context): VerifyPlace {
  const language = languageOf(c.req.raw);
  const named = c.req.query("lang") !== undefined;
  return { language, action: named ? `${VERIFY_PATH}?lang=${language}` : VERIFY_PATH };
}

async function answerForm(env: Env, c: Context): Promise<Response> {
  const place = placeOf(c);
  let question: Question;
  let text = "";
  try {
    const form = await readForm(env, c.req.raw);
    text = String(form.get("input") ?? "").trim();
    question = await questionIn(form, text);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status, headers } = error;
    const fault = faultOf(error, place.language, MAX_RECIPIENTS);
    const page = await verifyPage({ fault, input: text, ...place });
    const shown = spoken(PAGE_HEADERS, place.language);
    return c.body(String(page), status, { ...shown, ...headers, ...NEVER });
  }
  const caller = callerOf(remoteAddress(c.env, c.req.raw.headers));
  const { verification, receipt, picture } = await ask(env, question, caller, () =>
    currentSigner(env, null),
  );
  if (receipt !== null) {
    const name = `rosette-receipt-${verification.verdict}-${verification.checkedAt.slice(0, 10)}.jwt`;
    return c.body(receipt, 200, {
      "content-type": "application/jwt",
      "content-disposition": `attachment; filename="${name}"`,
      "x-content-type-options": "nosniff",
      ...NEVER,
    });
  }
  const page = await verificationPage({
    verification,
    picture: picture === null ? null : dataAddress(picture),
    again: await carried(question),
    ...place,
  });
  return c.body(String(page), 200, { ...spoken(SCRIPTED_HEADERS, place.language), ...NEVER });
}

/** Throws the Problem that the page then tells. */
async function questionIn(form: FormData, text: string): Promise<Question> {
  const file = form.get("file");
  const upload = file instanceof File && file.size > 0 ? file : null;
  if (upload !== null && text !== "") {
    throw new VerifyFault("invalid-request", "both-given");
  }
  if (upload === null && text === "") {
    throw new VerifyFault("invalid-request", "nothing-given");
  }
  const recipient = form
    .getAll("recipient")
    .flatMap((value) => (typeof value === "string" && value.trim() !== "" ? [value.trim()] : []));
  if (recipient.length > MAX_RECIPIENTS || recipient.some((r) => r.length > MAX_RECIPIENT_LENGTH)) {
    throw new VerifyFault("invalid-request", "too-many-addresses");
  }
  const input = upload === null ? text : new Uint8Array(await upload.arrayBuffer());
  return { input, recipient, receipt: form.get("receipt") === "1" };
}

async function readForm(env: Env, request: Request): Promise<FormData> {
  requireMediaType(request, FORMS);
  const bytes = await readBytes(request, env.config.maxUploadBytes + FORM_OVERHEAD_BYTES);
  const contentType = request.headers.get("content-type") ?? "";
  try {
    return await new Response(bytes, { headers: { "content-type": contentType } }).formData();
  } catch (cause) {
    throw new VerifyFault("form-malformed", "form-damaged", cause);
  }
}

const CHUNK = 0x8000;

/** As data, so that no picture is asked from anybody's server by the browser of whoever checks it. */
function dataAddress({ mediaType, bytes }: Picture): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return `data:${mediaType};base64,${btoa(binary)}`;
}
