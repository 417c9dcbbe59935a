// The forms about people, read: what the API is to be sent, and what was typed, to be shown again.
import { ADMINISTRATOR, COORDINATOR } from "../../auth.ts";
import type { PeopleSearch } from "../../pages/people.tsx";

/** One field of a form as it was typed, without blanks around it. */
export function fieldOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

const MEMBER = "member";
const TICKED: readonly string[] = [COORDINATOR, ADMINISTRATOR];

/** Roles that are neither ticked nor everybody's, as they stand in their field. */
export function otherRolesOf(roles: readonly string[]): string {
  return roles.filter((role) => role !== MEMBER && !TICKED.includes(role)).join(", ");
}

/** What was ticked, and the words in the field; nobody is left without a role. */
export function rolesOf(form: FormData, isMember: boolean): string[] {
  const ticked = form
    .getAll("roles")
    .map(String)
    .filter((role) => TICKED.includes(role));
  const written = fieldOf(form, "other_roles")
    .split(",")
    .map((role) => role.trim())
    .filter((role) => role !== "");
  const roles = [...new Set([...(isMember ? [MEMBER] : []), ...ticked, ...written])];
  return roles.length === 0 ? [MEMBER] : roles;
}

export function newPersonOf(form: FormData) {
  const name = fieldOf(form, "name");
  const email = fieldOf(form, "email");
  const roles = rolesOf(form, true);
  return {
    values: { name, email, roles, otherRoles: fieldOf(form, "other_roles") },
    body: {
      ...(name === "" ? {} : { name }),
      roles,
      identities: [{ type: "email", identity: email }],
    },
  };
}

/** A telephone number, a web address or a DID; anything else is part of a name, or begins an address. */
const IDENTITY = /^(?:\+\d+|https?:\S+|did:\S+)$/i;

/** The query of GET /users for what was typed to find somebody. */
export function searchFor(
  { q, role, status }: PeopleSearch,
  cursor: string,
  limit: number,
): URLSearchParams {
  return new URLSearchParams({
    limit: String(limit),
    ...(q === "" ? {} : IDENTITY.test(q) ? { identity: q } : { q }),
    ...(role === "" ? {} : { role }),
    ...(status === "" ? {} : { status }),
    ...(cursor === "" ? {} : { cursor }),
  });
}
