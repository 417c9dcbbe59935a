// Endorsements, each judged by its own endorser: they never decide about the badge.
import type { ReadRsaKey } from "../../env.ts";
import type { Profile } from "../documents/profile.ts";
import type { LoadedEndorsement } from "../endorsements.ts";
import type { Loaded } from "../follow.ts";
import type { EndorsementResult, Reason, Verdict } from "../result.ts";
import { CLOCK_TOLERANCE } from "./dates.ts";
import { checkDocument } from "./document.ts";
import { type Finding, isDoubt, passed, warned } from "./finding.ts";
import { outsideScope } from "./origin.ts";
import { entryFor } from "./revocation.ts";
import { checkSignature, isOwnName } from "./signature.ts";

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

/** What an endorsement is judged by besides itself. */
export interface Terms {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly readRsaKey?: ReadRsaKey;
}

/** OB20-N-01 to N-05: the same rules as for a badge, by the endorser's policy, keys and list. */
export async function judgeEndorsement(
  loaded: LoadedEndorsement,
  terms: Terms,
): Promise<EndorsementResult> {
  const { endorsement, issuer } = loaded;
  const judged = judgeDocuments(loaded) ?? (await judgeSource(loaded, terms)) ?? STANDS;
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

/** What is wrong with what it says and with who says it; null for nothing. */
function judgeDocuments({ endorsed, endorsement, issuer }: LoadedEndorsement): Judged | null {
  if (endorsement === null) return fault("endorsement-does-not-stand", "It is named by nothing.");
  if (!endorsement.ok) {
    const { reason, words, definite } = endorsement;
    return fault(reason, words, reason === "revoked" ? "revoked" : unsound(definite));
  }
  const { model } = endorsement;
  if (model.revoked) return fault("revoked", "Its endorser has taken it back.", "revoked");
  const failing = [
    ...checkDocument("endorsement", endorsement, "2.0"),
    ...checkDocument("endorsement", issuer, "2.0"),
  ].find(isDoubt);
  if (failing) return byFinding(failing);
  if (!issuer?.ok) return fault("endorsement-does-not-stand", "Nobody is named who gives it.");
  return model.claim === endorsed
    ? null
    : fault("endorsement-does-not-stand", "It endorses something else.");
}

const unsound = (definite: boolean): Verdict => (definite ? "invalid" : "could-not-check");

const byFinding = ({ reason, words, outcome }: Finding): Judged =>
  fault(reason ?? "endorsement-does-not-stand", words, unsound(outcome === "failed"));

/** Whether its endorser stands behind it, and still does; null where that is so. */
async function judgeSource(loaded: LoadedEndorsement, terms: Terms): Promise<Judged | null> {
  const { endorsement, issuer, list, tombstone } = loaded;
  if (!endorsement?.ok || !issuer?.ok) return null;
  const { model } = endorsement;
  const behind =
    model.verification === "signed"
      ? await judgeSignature(loaded, issuer, terms)
      : judgeHost(loaded, issuer);
  if (behind) return behind;
  if (tombstone) return fault("revoked", "Its endorser has taken it back.", "revoked");
  if (model.issuedOn !== null && model.issuedOn > terms.now + CLOCK_TOLERANCE) {
    return fault("not-yet-valid", "It is dated in the future.", "not-yet-valid");
  }
  if (list && !list.ok) return fault(list.reason, list.words, "could-not-check");
  if (list?.ok && entryFor(list.model, model.id, null)) {
    return fault("revoked", "Its endorser's list says that it was taken back.", "revoked");
  }
  return null;
}

function judgeHost({ endorsement, token }: LoadedEndorsement, issuer: Loaded<Profile>) {
  if (token !== null) return fault("nowhere-hosted", "It says that it is hosted and not where.");
  const { policy } = issuer.model;
  const id = endorsement?.ok ? (endorsement.model.id ?? "") : "";
  const outside = outsideScope(id, { policy, issuer: issuer.node.id, readAt: issuer.url });
  return outside === null
    ? null
    : fault("origin-outside-scope", outside.replace("The badge", "It"));
}

async function judgeSignature(
  { endorsement, token, keys }: LoadedEndorsement,
  issuer: Loaded<Profile>,
  { readRsaKey }: Terms,
): Promise<Judged | null> {
  if (!endorsement?.ok) return null;
  if (token === null) {
    const words = "It is a signed one, and its signature is not here.";
    return fault("signature-missing", words, "could-not-check");
  }
  const { model, version } = endorsement;
  if (model.id !== null && !isOwnName(model.id, issuer)) {
    return fault("id-lies", "It names itself by an address that is not its endorser's.");
  }
  const signer = { issuer, keys, creator: model.creator, version };
  const failing = (await checkSignature(token, signer, readRsaKey)).find(isDoubt);
  return failing ? byFinding(failing) : null;
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
