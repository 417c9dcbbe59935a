// Verifying badges over the API: a link, a text or a file, and the whole result, whatever the verdict.
import { z } from "@hono/zod-openapi";
import { currentSigner } from "../issuer/signing-key.ts";
import { callerOf } from "../net/caller.ts";
import { Problem } from "../problem.ts";
import { formOf } from "../request-body.ts";
import { ask, MAX_RECIPIENT_LENGTH, MAX_RECIPIENTS, type Question } from "../verify/request.ts";
import { invalid, parsed } from "./faults.ts";
import { rule, time } from "./fields.ts";
import type { OpenCall, OpenOperation } from "./operation.ts";

const recipient = z
  .string()
  .trim()
  .min(1)
  .max(MAX_RECIPIENT_LENGTH)
  .openapi({ example: "kim@example.org" });

const asked = z
  .strictObject({
    input: z
      .string()
      .refine(
        (text) => text.trim() !== "",
        rule(
          "input_non_empty",
          "There is nothing to verify.",
          "Send a link, JSON or a signed badge.",
        ),
      )
      .openapi({ description: "A link to a badge, its JSON as a string, or a signed badge" }),
    recipient: z
      .array(recipient)
      .max(MAX_RECIPIENTS)
      .default([])
      .openapi({ description: "Addresses of whom it should have been awarded to" }),
    receipt: z
      .boolean()
      .default(false)
      .openapi({ description: "Whether the answer is to come with a signed receipt" }),
  })
  .openapi("VerificationRequest");

const text = z.string().nullable();

const verification = z
  .object({
    verdict: z.enum(["valid", "expired", "revoked", "not-yet-valid", "invalid", "could-not-check"]),
    reason: text.openapi({ description: "A stable code; null when valid" }),
    words: z.string().openapi({ description: "The verdict in a sentence" }),
    checkedAt: time(),
    input: z.object({
      kind: z.enum(["url", "json", "jws", "png", "svg", "picture", "nothing"]),
      url: text,
    }),
    version: z.enum(["2.0", "1.1", "1.0", "0.5"]).nullable(),
    verification: z.enum(["hosted", "signed"]).nullable(),
    badge: z
      .object({
        id: text,
        name: text,
        description: text,
        image: text,
        criteria: z.object({ id: text, narrative: text }),
        issuer: z.object({ id: text, name: text, url: text, email: text }),
        issuedOn: text,
        expires: text,
        narrative: text,
        evidence: z.array(z.object({ id: text, narrative: text })),
        recipient: z
          .object({ type: z.string(), hashed: z.boolean(), identity: z.string(), salt: text })
          .nullable(),
        revocationReason: text,
      })
      .nullable()
      .openapi({ description: "What the badge says. All of it is its issuer's text: escape it." }),
    matched: text.openapi({ description: "Which of `recipient` it was awarded to" }),
    checks: z.array(
      z.object({
        id: z.string(),
        outcome: z.enum(["passed", "failed", "warned", "not-possible"]),
        reason: text,
        words: z.string(),
        evidence: z.object({
          document: z.string().optional(),
          property: z.string().optional(),
          found: z.string().optional(),
          expected: z.string().optional(),
        }),
        at: time(),
      }),
    ),
    endorsements: z.array(
      z.object({
        id: z.string(),
        verdict: z.string(),
        reason: text,
        words: z.string(),
        issuer: z.object({ id: text, name: text }),
        comment: text,
      }),
    ),
    documents: z.array(
      z.object({
        url: z.string(),
        finalUrl: z.string().optional(),
        role: z.string(),
        status: z.int().nullable(),
        bytes: z.int(),
        reason: z.string().optional(),
      }),
    ),
    receipt: z.string().optional().openapi({
      description: "A compact JWS, where one was asked for; its key is in /.well-known/jwks.json",
    }),
  })
  .openapi("Verification");

async function questionOf({ body, upload }: OpenCall): Promise<Question> {
  if (upload === null) {
    if (isDocument(body)) throw documentAsRequest();
    return parsed({ body: asked }, { body, params: {}, query: {} }).body;
  }
  if (upload.mediaType !== "multipart/form-data") {
    return notEmpty({ input: upload.bytes, recipient: [], receipt: false });
  }
  const form = await formOf(upload);
  const file = form.get("file");
  if (!(file instanceof File)) {
    throw invalid([
      {
        pointer: "/file",
        code: "required",
        detail: "The form has no file part called `file`.",
        fix: "Send the badge as the part `file`: curl -F file=@badge.png …",
      },
    ]);
  }
  const members = z.strictObject({
    recipient: z.array(recipient).max(MAX_RECIPIENTS),
    receipt: z.enum(["true", "false"]).transform((value) => value === "true"),
  });
  const given = { recipient: form.getAll("recipient"), receipt: form.get("receipt") ?? "false" };
  const fields = parsed({ body: members }, { body: given, params: {}, query: {} }).body;
  return notEmpty({ input: new Uint8Array(await file.arrayBuffer()), ...fields });
}

/** A badge's own JSON, sent where the request's was meant. */
function isDocument(body: unknown): boolean {
  return typeof body === "object" && body !== null && "@context" in body && !("input" in body);
}

function documentAsRequest(): Problem {
  return new Problem("invalid-request", "This is a badge, not a request about one.", {
    fix: 'Send it with `Content-Type: application/ld+json`, or as the string `input`: {"input": "…"}.',
  });
}

function notEmpty(question: Question): Question {
  if (question.input.length > 0) return question;
  throw new Problem("invalid-request", "The file is empty.", {
    fix: "Send the badge's PNG, SVG or JSON file.",
  });
}

export const verificationOperations: readonly OpenOperation[] = [
  {
    id: "verifyBadge",
    method: "post",
    path: "/verifications",
    tag: "Verifications",
    summary: "Verify a badge of any issuer",
    description:
      "Needs no key. The answer is 200 whatever the verdict. Send JSON with `input`; or the badge's file itself, its JSON as `application/ld+json`; or a form with the part `file`, and `recipient` and `receipt` beside it. Nothing that is sent is kept. Some verifications are made at once, for everybody and for each caller; beyond that the answer is 429.",
    body: asked,
    example: { input: "https://badges.example.org/b/4f0e…", recipient: ["kim@example.org"] },
    uploads: [
      "multipart/form-data",
      "image/png",
      "image/svg+xml",
      "application/ld+json",
      "application/jose",
      "application/octet-stream",
    ],
    problems: ["form-malformed", "too-many-verifications", "signing-key-sealed"],
    answers: [{ status: 200, description: "What was found out.", schema: verification }],
    async run(call) {
      const question = await questionOf(call);
      const reply = await ask(call.env, question, callerOf(call.remoteAddress), () =>
        currentSigner(call.env, null),
      );
      const { receipt } = reply;
      return { status: 200, body: { ...reply.verification, ...(receipt ? { receipt } : {}) } };
    },
  },
];
