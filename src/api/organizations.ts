// Organizations over the API: a key of the site makes them, a key of its own reads and changes one.
import { z } from "@hono/zod-openapi";
import { isBreach } from "../db/errors.ts";
import { findOrganization, listOrganizations, type Organization } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import {
  changeOrganization,
  createOrganization,
  MAX_SLUG_LENGTH,
  SLUG,
  slugTaken,
} from "../issuer/organization.ts";
import { isAllowedOrigin, isStartsWith } from "../obv2/profile.ts";
import { Problem } from "../problem.ts";
import {
  email,
  httpUrl,
  idParam,
  instant,
  language,
  line,
  prose,
  rule,
  telephone,
  time,
} from "./fields.ts";
import { type Answer, type Operation, siteOperation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const startsWith = line(2048).refine(
  isStartsWith,
  rule(
    "verification_starts_with_slash",
    "This must be an http:// or https:// prefix that ends in a slash.",
    "End it with /: without it, https://a.example/b would also cover https://a.example/bad.",
  ),
);

const allowedOrigin = line(253).refine(
  isAllowedOrigin,
  rule(
    "verification_allowed_origin",
    "This must be a host name with a dot and no scheme, port or path.",
    "Send a name such as badges.example.org.",
  ),
);

const fields = {
  name: line(255),
  slug: line(MAX_SLUG_LENGTH).refine(
    (text) => SLUG.test(text),
    rule(
      "slug_format",
      "This must be lower-case letters, digits and inner hyphens.",
      "Send a slug such as northside-mentors.",
    ),
  ),
  url: httpUrl(),
  email: email(),
  description: prose(5000).nullable(),
  telephone: telephone().nullable(),
  language: language(),
  verification_starts_with: startsWith.nullable(),
  verification_allowed_origins: z.array(allowedOrigin).max(20).nullable(),
  is_listed: z.boolean().openapi({
    description: "Whether it is in the public catalogue, with the badges it awards",
  }),
};

export const organizationCreation = z
  .strictObject({
    name: fields.name,
    slug: fields.slug.optional(),
    url: fields.url,
    email: fields.email,
    description: fields.description.optional(),
    telephone: fields.telephone.optional(),
    language: fields.language.optional(),
    verification_starts_with: fields.verification_starts_with.optional(),
    verification_allowed_origins: fields.verification_allowed_origins.optional(),
    is_listed: fields.is_listed.optional(),
  })
  .openapi("NewOrganization");

const changes = z
  .strictObject({ ...fields, image_id: z.string().max(100).nullable() })
  .partial()
  .openapi("OrganizationChanges");

const shown = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    url: z.string(),
    email: z.string(),
    description: z.string().nullable(),
    telephone: z.string().nullable(),
    language: z.string(),
    image_id: z.string().nullable(),
    verification_starts_with: z.string().nullable(),
    verification_allowed_origins: z.array(z.string()).nullable(),
    is_listed: z.boolean(),
    issuer: z.string().openapi({ description: "The public Issuer Profile" }),
    created_at: time(),
    updated_at: time(),
  })
  .openapi("Organization");

const EXAMPLE = {
  name: "Northside Peer Mentors",
  slug: "northside",
  url: "https://northside.example",
  email: "badges@northside.example",
  language: "en",
};

function show(env: Env, row: Organization): z.input<typeof shown> {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    url: row.url,
    email: row.email,
    description: row.description,
    telephone: row.telephone,
    language: row.language,
    image_id: row.image_id,
    verification_starts_with: row.verification_starts_with,
    verification_allowed_origins: row.verification_allowed_origins,
    is_listed: row.is_listed,
    issuer: env.urls.issuer(row.id),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}

/** Another's organization is not there for a key that belongs to one. */
async function visible(env: Env, own: string | null, id: string): Promise<Organization> {
  const found = own === null || own === id ? await findOrganization(env.db, id) : null;
  if (!found) throw new Problem("not-found", "There is no such organization.");
  return found;
}

/** Somebody else took the slug between our look and our write. */
function slugLost(slug: string): NonNullable<Answer["refused"]> {
  return (error) => {
    if (!isBreach(error, "unique", "organizations.slug")) return null;
    throw slugTaken(slug);
  };
}

export const organizationOperations: readonly Operation[] = [
  siteOperation({
    id: "listOrganizations",
    method: "get",
    path: "/organizations",
    tag: "Organizations",
    summary: "List organizations",
    description: "A key of the site sees all of them, any other key its own.",
    scope: "organizations:read",
    query: pageQuery,
    answers: [{ status: 200, description: "A page of organizations.", schema: pageOf(shown) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const rows = await listOrganizations(env.db, organizationId, query);
      return pageAnswer(
        call,
        rows,
        ({ id }) => id,
        (row) => show(env, row),
      );
    },
  }),
  siteOperation({
    id: "createOrganization",
    method: "post",
    path: "/organizations",
    tag: "Organizations",
    summary: "Make an organization",
    description: "Its picture is set afterwards, from its own image registry.",
    scope: "organizations:write",
    body: organizationCreation,
    example: EXAMPLE,
    problems: ["site-key-required", "slug-taken"],
    answers: [{ status: 201, description: "The organization.", schema: shown }],
    async handle({ env, principal, body }) {
      if (principal.organizationId !== null) {
        throw new Problem("site-key-required", "This key belongs to one organization.");
      }
      const { result, writes } = await createOrganization(env, body, principal);
      return {
        status: 201,
        body: show(env, result),
        headers: { location: `/api/v1/organizations/${result.id}` },
        tagged: true,
        writes,
        refused: slugLost(result.slug),
      };
    },
  }),
  siteOperation({
    id: "getOrganization",
    method: "get",
    path: "/organizations/{id}",
    tag: "Organizations",
    summary: "Read an organization",
    scope: "organizations:read",
    params: idParam,
    answers: [{ status: 200, description: "The organization.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const row = await visible(env, organizationId, params.id);
      return { status: 200, body: show(env, row), tagged: true };
    },
  }),
  siteOperation({
    id: "changeOrganization",
    method: "patch",
    path: "/organizations/{id}",
    tag: "Organizations",
    summary: "Change an organization",
    scope: "organizations:write",
    params: idParam,
    body: changes,
    example: { description: "Students who help students." },
    problems: ["slug-taken"],
    answers: [{ status: 200, description: "The organization as it is now.", schema: shown }],
    async handle({ env, organizationId, principal, params, body, expectUnchanged }) {
      const current = await visible(env, organizationId, params.id);
      await expectUnchanged(show(env, current));
      const { result, writes } = await changeOrganization(env, current, body, principal);
      return {
        status: 200,
        body: show(env, result),
        tagged: true,
        writes,
        refused: slugLost(result.slug),
      };
    },
  }),
];
