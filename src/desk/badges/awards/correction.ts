// The form that corrects an award, as it was typed and as the API takes it.
import type { Award, EvidenceItem } from "../../../db/awards.ts";
import type { CorrectionDraft } from "../../../pages/badge-award-forms.tsx";

const dayOf = (at: number | null) => (at === null ? "" : new Date(at).toISOString().slice(0, 10));

/** The award as it is, to be corrected; why must be said each time. */
export function correctionOf(award: Award): CorrectionDraft {
  return {
    narrative: award.narrative ?? "",
    evidence: (award.evidence ?? []).flatMap(({ id }) => id ?? []).join("\n"),
    expires: dayOf(award.date_expire),
    tier: award.tier_level === null ? "" : String(award.tier_level),
    reason: "",
  };
}

export function readCorrection(form: FormData): CorrectionDraft {
  const read = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value.replaceAll("\r\n", "\n") : "";
  };
  return {
    narrative: read("narrative"),
    evidence: read("evidence"),
    expires: read("expires"),
    tier: read("tier"),
    reason: read("reason"),
  };
}

/** Evidence that is still named keeps all that was said of it; what has no address stays, too. */
function evidenceOf(award: Award, text: string): EvidenceItem[] {
  const before = award.evidence ?? [];
  const addresses = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return [
    ...before.filter(({ id }) => id === undefined),
    ...addresses.map((id) => before.find((item) => item.id === id) ?? { id }),
  ];
}

/** What of the award is another one now: the rest is taken over as it is. */
export function correctionBody(award: Award, draft: CorrectionDraft): Record<string, unknown> {
  const was = correctionOf(award);
  const isOther = (name: keyof CorrectionDraft) => was[name] !== draft[name];
  return {
    ...(draft.reason.trim() === "" ? {} : { reason: draft.reason }),
    ...(isOther("narrative")
      ? { narrative: draft.narrative.trim() === "" ? null : draft.narrative }
      : {}),
    ...(isOther("evidence") ? { evidence: evidenceOf(award, draft.evidence) } : {}),
    ...(isOther("expires")
      ? { expires_at: draft.expires === "" ? null : `${draft.expires}T23:59:59.000Z` }
      : {}),
    ...(isOther("tier") && draft.tier !== "" ? { tier_level: Number(draft.tier) } : {}),
  };
}

/** Fields of the form by the pointers into the body (RFC 6901). */
export const CORRECTION_FIELDS = {
  "/narrative": "narrative",
  "/evidence": "evidence",
  "/expires_at": "expires",
  "/tier_level": "tier",
  "/reason": "reason",
} as const;
