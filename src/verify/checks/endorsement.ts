// Endorsements, each judged by its own endorser: they never decide about the badge.
import type { LoadedEndorsement } from "../load.ts";
import type { EndorsementResult, Reason, Verdict } from "../result.ts";
import { CLOCK_TOLERANCE } from "./dates.ts";
import { checkDocument } from "./document.ts";
import { type Finding, passed, warned } from "./finding.ts";
import { outsideScope } from "./origin.ts";
import { entryFor } from "./revocation.ts";

interface Judged {
  readonly verdict: Verdict;
  readonly reason: Reason | null;
  readonly words: string;
}

const STANDS: Judged = {
  verdict: "valid",
  reason: null,
  words: "Its endorser vouches for it, and it still stands.",
};

const fault = (reason: Reason, words: string, verdict: Verdict = "invalid"): Judged => ({
  verdict,
  reason,
  words,
});

/** OB20-N-01 to N-05: the same rules as for a badge, by the endorser's policy and list. */
export function judgeEndorsement(loaded: LoadedEndorsement, now: number): EndorsementResult {
  const { endorsement, issuer } = loaded;
  const judged = judge(loaded, now);
  const model = endorsement?.ok ? endorsement.model : null;
  return {
    id: loaded.id ?? "",
    ...judged,
    issuer: {
      id: model?.issuer?.id ?? null,
      name: issuer?.ok ? issuer.model.name : null,
    },
    comment: model?.comment ?? null,
  };
}

function judge({ endorsed, endorsement, issuer, list }: LoadedEndorsement, now: number): Judged {
  if (endorsement === null) return fault("endorsement-does-not-stand", "It is named by nothing.");
  if (!endorsement.ok) {
    const verdict =
      endorsement.reason === "revoked"
        ? "revoked"
        : endorsement.definite
          ? "invalid"
          : "could-not-check";
    return fault(endorsement.reason, endorsement.words, verdict);
  }
  const { model } = endorsement;
  if (model.revoked) return fault("revoked", "Its endorser has taken it back.", "revoked");
  const failing = [
    ...checkDocument("endorsement", endorsement, "2.0"),
    ...checkDocument("endorsement", issuer, "2.0"),
  ].find(({ outcome }) => outcome === "failed" || outcome === "not-possible");
  if (failing) {
    const verdict = failing.outcome === "failed" ? "invalid" : "could-not-check";
    return fault(failing.reason ?? "endorsement-does-not-stand", failing.words, verdict);
  }
  if (!issuer?.ok) return fault("endorsement-does-not-stand", "Nobody is named who gives it.");
  if (model.claim !== endorsed) {
    return fault("endorsement-does-not-stand", "It endorses something else.");
  }
  if (model.verification === "signed") {
    const words = "It is a signed one, and its signature is not here.";
    return fault("signature-missing", words, "could-not-check");
  }
  const { policy } = issuer.model;
  const scope = { policy, issuer: issuer.node.id, readAt: issuer.url };
  const outside = outsideScope(model.id ?? "", scope);
  if (outside !== null) return fault("origin-outside-scope", outside.replace("The badge", "It"));
  if (model.issuedOn !== null && model.issuedOn > now + CLOCK_TOLERANCE) {
    return fault("not-yet-valid", "It is dated in the future.", "not-yet-valid");
  }
  if (list && !list.ok) return fault(list.reason, list.words, "could-not-check");
  if (list?.ok && entryFor(list.model, model.id, null)) {
    return fault("revoked", "Its endorser's list says that it was taken back.", "revoked");
  }
  return STANDS;
}

export function checkEndorsements(
  results: readonly EndorsementResult[],
  unread: number,
): Finding[] {
  const findings = results.map(({ id, verdict, reason, words }) => {
    const evidence = { document: id };
    return verdict === "valid"
      ? passed("endorsement", words, evidence)
      : warned(
          "endorsement",
          "endorsement-does-not-stand",
          `An endorsement does not stand. ${words}`,
          { ...evidence, found: reason ?? undefined },
        );
  });
  if (unread === 0) return findings;
  const words = `${unread} more endorsements are claimed, and were not looked at.`;
  return [...findings, warned("endorsement", "endorsements-not-all-checked", words)];
}
