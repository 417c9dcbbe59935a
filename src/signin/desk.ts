// At whose desk a page is worked: who is signed in, in which organization, with a role that lets them.
import { ADMINISTRATOR, COORDINATOR } from "../auth.ts";
import { type OwnOrganization, organizationsOf, ownMemberships } from "../db/own-memberships.ts";
import type { Env } from "../env.ts";
import type { Account } from "../pages/account.tsx";
import { Problem } from "../problem.ts";
import { accountAmong, MAX_FORM_BYTES, readForm, requireSession, type Session } from "./session.ts";

/** The hidden field of forms that says which organization their page was about. */
const ORGANIZATION_FIELD = "organization";

/** `member` is anybody whom the organization knows; administrators may do what coordinators may. */
export type Need = "member" | "coordinator" | "administrator";

export interface Desk {
  readonly session: Session;
  readonly account: Account;
  readonly organization: OwnOrganization;
  readonly roles: readonly string[];
  /** Users rows under which the organization knows them, their account's own first; never empty. */
  readonly memberIds: readonly string[];
}

/**
 * The desk of a page that is read: in the organization its address names (`?organization=`), else in
 * the one that was chosen last. Throws `sign-in-required`, and `role-required` (403) for somebody
 * whose roles in the organization they are looking at do not let them.
 */
export async function requireDesk(env: Env, request: Request, need: Need): Promise<Desk> {
  const session = await requireSession(env, request);
  const named = new URL(request.url).searchParams.get(ORGANIZATION_FIELD);
  return deskOf(env, named === null ? session : { ...session, organizationChoice: named }, need);
}

/** A form that one of a desk's pages sent. */
export interface DeskForm {
  readonly desk: Desk;
  readonly form: FormData;
}

/**
 * The desk and the fields of a form that one of its pages sent: the organization is the one the page
 * was about. Throws as `requireDesk` and `readForm` do; 404 for an organization that does not know
 * the person. `mostBytes` is for forms with files in them.
 */
export async function deskForm(
  env: Env,
  request: Request,
  need: Need,
  mostBytes = MAX_FORM_BYTES,
): Promise<DeskForm> {
  const session = await requireSession(env, request);
  const form = await readForm(env, session, request, mostBytes);
  const named = form.get(ORGANIZATION_FIELD);
  const desk = await deskOf(
    env,
    typeof named === "string" ? { ...session, organizationChoice: named } : session,
    need,
  );
  if (typeof named === "string" && desk.organization.id !== named) {
    throw new Problem("not-found", "There is no such organization, or it does not know you.");
  }
  return { desk, form };
}

async function deskOf(env: Env, session: Session, need: Need): Promise<Desk> {
  const known = await organizationsOf(env.db, session.user.id);
  const account = await accountAmong(env, session, known);
  const organization = known.find(({ id }) => id === account.organization?.id);
  if (organization === undefined || !lets(organization.roles, need)) {
    throw new Problem("role-required", "Your role in this organization does not let you do this.");
  }
  const own = await ownMemberships(env.db, organization.id, session.user.id);
  const memberIds = own.map(({ userId }) => userId);
  return { session, account, organization, roles: organization.roles, memberIds };
}

function lets(roles: readonly string[], need: Need): boolean {
  if (need === "member") return true;
  if (roles.includes(ADMINISTRATOR)) return true;
  return need === "coordinator" && roles.includes(COORDINATOR);
}
