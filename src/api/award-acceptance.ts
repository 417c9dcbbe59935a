// What recipients say of their awards, over the API: accept, decline; and uphold, for who looks at what was declined.
import type { Principal } from "../auth.ts";
import { type Award, findAward } from "../db/awards.ts";
import { listDeclined } from "../db/declined.ts";
import { isTheirs } from "../db/theirs.ts";
import type { Env } from "../env.ts";
import { acceptAward, declineAward, upholdAward } from "../issuer/acceptance.ts";
import { requireMayCorrect } from "../issuer/manual-award-rights.ts";
import { Problem } from "../problem.ts";
import { showAward, shownAward } from "./award-view.ts";
import { idParam } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const SCOPE = "awards:write";

function unknownAward(): Problem {
  return new Problem("not-found", "This organization has no award with this id or hash.");
}

/**
 * An award that the caller may speak for: the person it is made out to, or a program of the
 * organization's. Throws `not-found` to everybody else, whatever their roles.
 */
async function spokenFor(
  env: Env,
  organizationId: string,
  principal: Principal,
  idOrHash: string,
): Promise<Award> {
  const award = await findAward(env.db, organizationId, idOrHash);
  if (award === null) throw unknownAward();
  if (principal.kind === "user" && !(await isTheirs(env.db, principal.id, award.id))) {
    throw unknownAward();
  }
  return award;
}

/** An operation by which the recipient of an award says what `say` records. */
function saying(
  say: typeof acceptAward,
  about: Pick<Operation, "id" | "path" | "summary" | "description">,
): Operation {
  return operation({
    ...about,
    method: "post",
    tag: "Awards",
    scope: SCOPE,
    forMembers: true,
    params: idParam,
    problems: ["award-revoked"],
    answers: [{ status: 200, description: "The award.", schema: shownAward }],
    async handle({ env, organizationId, principal, params }) {
      const award = await spokenFor(env, organizationId, principal, params.id);
      const by = principal.kind === "user" ? "account" : "program";
      const { result, writes } = await say(env, award, principal, by);
      return { status: 200, body: showAward(env, result), tagged: true, writes };
    },
  });
}

export const awardAcceptanceOperations: readonly Operation[] = [
  operation({
    id: "listDeclinedAwards",
    method: "get",
    path: "/declined-awards",
    tag: "Awards",
    summary: "List awards whose recipients say that they are not theirs",
    description:
      "Those that nobody has dealt with yet: each waits to be revoked, corrected or upheld. The last made first.",
    scope: "awards:read",
    query: pageQuery,
    answers: [{ status: 200, description: "A page of awards.", schema: pageOf(shownAward) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const rows = await listDeclined(env.db, organizationId, query);
      return pageAnswer(
        call,
        rows,
        ({ award }) => award.id,
        ({ award }) => showAward(env, award),
      );
    },
  }),
  saying(acceptAward, {
    id: "acceptAward",
    path: "/awards/{id}/accept",
    summary: "Accept an award, by its id or its hash",
    description:
      "Its recipient says that it is theirs, also after they had declined it. It verifies as before. Repeating it changes nothing. Of people who are signed in, only who the award is made out to may do it.",
  }),
  saying(declineAward, {
    id: "declineAward",
    path: "/awards/{id}/decline",
    summary: "Say that an award is not one's own, by its id or its hash",
    description:
      "It is hidden and sent nowhere, and goes on verifying until somebody revokes or corrects it; `GET /declined-awards` lists it for them. Repeating it changes nothing. Of people who are signed in, only who the award is made out to may do it.",
  }),
  operation({
    id: "upholdAward",
    method: "post",
    path: "/awards/{id}/uphold",
    tag: "Awards",
    summary: "Uphold an award that was declined, by its id or its hash",
    description:
      "Somebody has looked, and it is right: it is shown again, for its recipient to accept. Changes nothing on an award that is not declined. Of people who are signed in, who may correct the award may do it.",
    scope: SCOPE,
    params: idParam,
    problems: ["award-revoked"],
    answers: [{ status: 200, description: "The award.", schema: shownAward }],
    async handle({ env, organizationId, principal, params }) {
      const award = await findAward(env.db, organizationId, params.id);
      if (award === null) throw unknownAward();
      if (principal.kind === "user") requireMayCorrect(award, principal);
      const { result, writes } = await upholdAward(env, award, principal);
      return { status: 200, body: showAward(env, result), tagged: true, writes };
    },
  }),
];
