// AlignmentObject: what outside standard, skill or goal a badge stands for.
import type { Alignment, Badge } from "../db/badges.ts";
import type { Urls } from "../urls.ts";
import { OPEN_BADGES_V2 } from "./context.ts";

export interface AlignmentObject {
  readonly type: "AlignmentObject";
  readonly id: string;
  readonly targetName: string;
  readonly targetUrl: string;
  readonly targetDescription?: string;
  readonly targetFramework?: string;
  readonly targetCode?: string;
}

export type AlignmentFields = Omit<Alignment, "badge_id">;

/** As it stands inside a BadgeClass, always as an object (OB20-B-07, OB20-L-01). */
export function alignmentObject(alignment: AlignmentFields, urls: Urls): AlignmentObject {
  return {
    type: "AlignmentObject",
    id: urls.alignment(alignment.id),
    targetName: alignment.target_name,
    targetUrl: alignment.target_url,
    ...(alignment.target_description ? { targetDescription: alignment.target_description } : {}),
    ...(alignment.target_framework ? { targetFramework: alignment.target_framework } : {}),
    ...(alignment.target_code ? { targetCode: alignment.target_code } : {}),
  };
}

export interface AlignmentDocument extends AlignmentObject {
  readonly "@context": typeof OPEN_BADGES_V2;
}

/** One alignment at its own address. */
export function alignmentDocument(alignment: AlignmentFields, urls: Urls): AlignmentDocument {
  return { "@context": OPEN_BADGES_V2, ...alignmentObject(alignment, urls) };
}

export interface AlignmentsDocument {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly id: string;
  readonly alignment: readonly AlignmentObject[];
}

/** All alignments of one badge, in the order they were made. */
export function alignmentsDocument(
  badge: Pick<Badge, "id">,
  alignments: readonly AlignmentFields[],
  urls: Urls,
): AlignmentsDocument {
  return {
    "@context": OPEN_BADGES_V2,
    id: urls.badgeAlignments(badge.id),
    alignment: alignments.map((alignment) => alignmentObject(alignment, urls)),
  };
}
