// The page that verifies any badge, and the answer to what is given there; nothing of it is kept.
import { type Context, Hono } from "hono";
import { answerProblem, wrongMethod } from "../answer.ts";
import type { Env, Picture } from "../env.ts";
import { currentSigner } from "../issuer/signing-key.ts";
import { callerOf, remoteAddress } from "../net/caller.ts";
import { PAGE_HEADERS, SCRIPTED_HEADERS } from "../pages/headers.ts";
import { verificationPage } from "../pages/verification-page.tsx";
import { verifyPage } from "../pages/verify-page.tsx";
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
    const page = await verifyPage({ fault: null, input });
    return c.body(String(page), 200, { ...PAGE_HEADERS, ...FOR_A_WHILE });
  });
  // No token against forgery of this form: there is no session to ride on, nothing is changed, and
  // whoever makes a browser send it learns nothing, since the answer is the browser's alone.
  app.post("/verify", (c) => answerForm(env, c));
  app.all("/verify", () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

async function answerForm(env: Env, c: Context): Promise<Response> {
  let question: Question;
  let text = "";
  try {
    const form = await readForm(env, c.req.raw);
    text = String(form.get("input") ?? "").trim();
    question = await questionIn(form, text);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { message: detail, fix, status, headers } = error;
    const page = await verifyPage({ fault: { detail, fix }, input: text });
    return c.body(String(page), status, { ...PAGE_HEADERS, ...headers, ...NEVER });
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
  });
  return c.body(String(page), 200, { ...SCRIPTED_HEADERS, ...NEVER });
}

/** Throws the Problem that the page then tells. */
async function questionIn(form: FormData, text: string): Promise<Question> {
  const file = form.get("file");
  const upload = file instanceof File && file.size > 0 ? file : null;
  if (upload !== null && text !== "") {
    throw new Problem("invalid-request", "A text and a file were given at once.", {
      fix: "Give one of the two: empty the box, or choose no file.",
    });
  }
  if (upload === null && text === "") {
    throw new Problem("invalid-request", "No badge was given.", {
      fix: "Give its link, paste its text, or choose its file.",
    });
  }
  const recipient = form
    .getAll("recipient")
    .flatMap((value) => (typeof value === "string" && value.trim() !== "" ? [value.trim()] : []));
  if (recipient.length > MAX_RECIPIENTS || recipient.some((r) => r.length > MAX_RECIPIENT_LENGTH)) {
    throw new Problem("invalid-request", "These are too many or too long addresses to compare.", {
      fix: `Give at most ${MAX_RECIPIENTS}.`,
    });
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
    throw new Problem("form-malformed", "The form arrived damaged.", {
      fix: "Send it again.",
      cause,
    });
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
