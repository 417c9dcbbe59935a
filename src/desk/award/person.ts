// Whom a form names: somebody who was chosen, whoever an address stands for, or the one who is called that.
import { ask } from "../../api/ask.ts";
import { isEmail } from "../../email-address.ts";
import type { Env } from "../../env.ts";
import type { FoundPerson, PersonValue } from "../../pages/person-field.tsx";
import { Problem } from "../../problem.ts";

/** People whom a search shows. */
export const MOST_FOUND = 8;
/** A form field of a text. */
const MAX_TYPED = 254;

interface ShownUser {
  readonly id: string;
  readonly name: string | null;
  readonly status: string;
  readonly identities: readonly { readonly type: string; readonly identity: string }[];
}

export function foundPerson({ id, name, identities }: ShownUser): FoundPerson {
  return { id, name, email: identities.find(({ type }) => type === "email")?.identity ?? null };
}

/** By part of a name, or the beginning of an address; those who joined last come first. */
export async function searchPeople(
  env: Env,
  request: Request,
  organizationId: string,
  text: string,
): Promise<FoundPerson[]> {
  const query = new URLSearchParams({ q: text.slice(0, 100), limit: String(MOST_FOUND) });
  const path = `/users?${query}`;
  const found = await ask<{ data: ShownUser[] }>(env, request, organizationId, {
    method: "GET",
    path,
  });
  return found.ok ? found.data.data.map(foundPerson) : [];
}

export async function personById(
  env: Env,
  request: Request,
  organizationId: string,
  id: string,
): Promise<FoundPerson | null> {
  const path = `/users/${encodeURIComponent(id)}`;
  const found = await ask<ShownUser>(env, request, organizationId, { method: "GET", path });
  return found.ok ? foundPerson(found.data) : null;
}

export type Named =
  /** A member; with the address that was typed, where it was one. */
  | { readonly is: "member"; readonly person: FoundPerson; readonly address?: string }
  /** An address that no member is known by. */
  | { readonly is: "new"; readonly email: string }
  | { readonly is: "several"; readonly among: readonly FoundPerson[] }
  | { readonly is: "nobody" | "empty" };

/** What was typed and chosen, as it came with a form. */
export function personValue(form: FormData): Pick<PersonValue, "person" | "user"> {
  return { person: textField(form, "person").slice(0, MAX_TYPED), user: textField(form, "user") };
}

export async function personNamed(
  env: Env,
  request: Request,
  organizationId: string,
  { person, user }: Pick<PersonValue, "person" | "user">,
): Promise<Named> {
  const chosen = user === "" ? null : await personById(env, request, organizationId, user);
  if (chosen !== null && means(person, chosen)) return { is: "member", person: chosen };
  if (person === "") return { is: "empty" };
  const address = addressIn(person);
  if (address !== null) return whoHas(env, request, organizationId, address);
  const among = await searchPeople(env, request, organizationId, person);
  const exact = among.filter(({ name }) => name?.toLowerCase() === person.toLowerCase());
  const [only, ...others] = exact.length > 0 ? exact : among;
  if (only === undefined) return { is: "nobody" };
  return others.length === 0 ? { is: "member", person: only } : { is: "several", among };
}

/**
 * Whether the text still means who was chosen before: without a script nothing takes the choice back
 * when somebody else is typed, and the words are what the person in front of the screen sees.
 */
function means(text: string, { name, email }: FoundPerson): boolean {
  const address = addressIn(text);
  if (address !== null) return address.toLowerCase() === email?.toLowerCase();
  const typed = text.toLowerCase();
  return (
    name?.toLowerCase().includes(typed) === true || email?.toLowerCase().startsWith(typed) === true
  );
}

/** For who may not look people up: an address is asked about where it is used, and a name says nothing. */
export function personByAddress({ person }: Pick<PersonValue, "person">): Named {
  if (person === "") return { is: "empty" };
  const address = addressIn(person);
  return address === null ? { is: "nobody" } : { is: "new", email: address };
}

/** An address alone, or in brackets behind a name, as the field itself writes it. */
function addressIn(text: string): string | null {
  const address = /\(([^()\s]+)\)$/.exec(text)?.[1] ?? text;
  return isEmail(address) ? address : null;
}

async function whoHas(
  env: Env,
  request: Request,
  organizationId: string,
  address: string,
): Promise<Named> {
  const path = `/users?${new URLSearchParams({ email: address, limit: "1" })}`;
  const found = await ask<{ data: ShownUser[] }>(env, request, organizationId, {
    method: "GET",
    path,
  });
  const known = found.ok ? found.data.data[0] : undefined;
  if (known === undefined) return { is: "new", email: address };
  return { is: "member", person: foundPerson(known), address };
}

/** One field of text, trimmed; throws for a file in its place. */
export function textField(form: FormData, name: string): string {
  const value = form.get(name);
  if (value !== null && typeof value !== "string") {
    throw new Problem("invalid-request", `The field ${name} is text.`);
  }
  return (value ?? "").trim();
}
