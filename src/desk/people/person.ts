// One person as the API shows them, for every page that is about them.
import { ask } from "../../api/ask.ts";
import type { Env } from "../../env.ts";
import type { ShownPerson } from "../../pages/people.tsx";
import type { Desk } from "../../signin/desk.ts";
import { problemOf } from "../asked.ts";

export interface FoundPerson {
  readonly person: ShownPerson;
  readonly etag: string;
}

/** Throws `not-found` for somebody this organization does not know. */
export async function findPerson(
  env: Env,
  request: Request,
  { organization }: Desk,
  id: string,
): Promise<FoundPerson> {
  const path = `/users/${encodeURIComponent(id)}`;
  const asked = await ask<ShownPerson>(env, request, organization.id, { method: "GET", path });
  if (!asked.ok) throw problemOf(asked.problem);
  return { person: asked.data, etag: asked.etag ?? "" };
}
