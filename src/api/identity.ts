// An identity as requests name it: a type, and a value of that type's form.
import { z } from "@hono/zod-openapi";
import type { Identity } from "../db/organizations.ts";
import { isEmail } from "../email-address.ts";
import type { FaultCode } from "../fault-codes.ts";
import { isDid, isHttpUrl, isTelephone, MAX_URL_LENGTH } from "./fields.ts";

export const IDENTITY_TYPES = ["email", "url", "telephone", "did"] as const;
type Type = (typeof IDENTITY_TYPES)[number];

/** The members of an identity; an object made of them also takes `identityMatchesType`. */
export const identityFields = {
  type: z.enum(IDENTITY_TYPES),
  identity: z.string().trim().min(1).max(MAX_URL_LENGTH),
};

const FORMS: Record<Type, { is: (text: string) => boolean; detail: string; fix: string }> = {
  email: {
    is: isEmail,
    detail: "This must be one e-mail address.",
    fix: "Send one address such as kim@example.org, without a name.",
  },
  url: {
    is: isHttpUrl,
    detail: "This must be an http:// or https:// address.",
    fix: "Send the whole address, such as https://example.org/kim.",
  },
  telephone: {
    is: isTelephone,
    detail: "This must be a telephone number in E.164 form.",
    fix: "Send + and digits only, such as +16175551212.",
  },
  did: {
    is: isDid,
    detail: "This must be a decentralised identifier.",
    fix: "Send a DID such as did:web:example.org:kim.",
  },
};

/** For `superRefine`: whether the value has the form its type says (OB20-R-10, OB20-D-15). */
export function identityMatchesType(
  value: { readonly type: Type; readonly identity: string },
  context: z.RefinementCtx,
): void {
  const form = FORMS[value.type];
  if (form.is(value.identity)) return;
  context.addIssue({
    code: "custom",
    path: ["identity"],
    message: form.detail,
    params: { code: `${value.type}_format` satisfies FaultCode, fix: form.fix },
  });
}

export const identityInput = z
  .strictObject(identityFields)
  .superRefine(identityMatchesType)
  .openapi("NewIdentity");

export const identityShown = z
  .object({
    id: z.string(),
    type: z.enum(IDENTITY_TYPES),
    identity: z.string(),
    verified: z.boolean().openapi({ description: "The person has proven it." }),
  })
  .openapi("Identity");

/** When it was written down stays out: another organization may have done it. */
export function showIdentity(row: Identity): z.input<typeof identityShown> {
  const { id, type, identity, verified_at } = row;
  return { id, type, identity, verified: verified_at !== null };
}
