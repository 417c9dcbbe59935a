// AlignmentObject: what outside standard, skill or goal a badge stands for.
import type { Alignment, Badge } from "../db/badges.ts";
import type { Urls } from "../urls.ts";
import { OPEN_BADGES_V2 } from "./context.ts";

export interface AlignmentObject {
  readonly type: "AlignmentObject";
  readonly targetName: string;
  readonly targetUrl: string;
  readonly targetDescription?: string;
  readonly targetFramework?: string;
  readonly targetCode?: string;
}

export type AlignmentFields = Pick<
  Alignment,
  "target_name" | "target_url" | "target_description" | "target_framework" | "target_code"
>;

/** As it stands inside a BadgeClass, always as an object (OB20-B-07, OB20-L-01). */
export function alignmentObject(alignment: AlignmentFields): AlignmentObject {
  return {
    type: "AlignmentObject",
    targetName: alignment.target_name,
    targetUrl: alignment.target_url,
    ...(alignment.target_description ? { targetDescription: alignment.target_description } : {}),
    ...(alignment.target_framework ? { targetFramework: alignment.target_framework } : {}),
    ...(alignment.target_code ? { targetCode: alignment.target_code } : {}),
  };
}

export interface AlignmentDocument extends AlignmentObject {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly id: string;
}

/** One alignment at its own address. */
export function alignmentDocument(
  alignment: AlignmentFields & Pick<Alignment, "id">,
  urls: Urls,
): AlignmentDocument {
  return {
    "@context": OPEN_BADGES_V2,
    id: urls.alignment(alignment.id),
    ...alignmentObject(alignment),
  };
}

export interface AlignmentsDocument {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly id: string;
  readonly alignment: readonly (AlignmentObject & { readonly id: string })[];
}

/** All alignments of one badge, in the order they were made. */
export function alignmentsDocument(
  badge: Pick<Badge, "id">,
  alignments: readonly (AlignmentFields & Pick<Alignment, "id">)[],
  urls: Urls,
): AlignmentsDocument {
  return {
    "@context": OPEN_BADGES_V2,
    id: urls.badgeAlignments(badge.id),
    alignment: alignments.map((alignment) => ({
      id: urls.alignment(alignment.id),
      ...alignmentObject(alignment),
    })),
  };
}
