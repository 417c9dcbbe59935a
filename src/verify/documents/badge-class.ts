// BadgeClass: what a badge is awarded for.
import type { Node } from "../contexts/expand.ts";
import { type ImageReference, readImage } from "./image.ts";
import type { Reader } from "./reader.ts";
import { CLASS } from "./vocabulary.ts";

export interface Criteria {
  readonly id: string | null;
  readonly narrative: string | null;
}

export interface BadgeClass {
  readonly id: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly image: ImageReference | null;
  readonly criteria: Criteria | null;
  readonly issuer: Node | null;
  readonly endorsements: readonly Node[];
}

/** Reads a BadgeClass (Open Badges 2.0, section BadgeClass; OB20-B-01 to B-08). */
export function readBadgeClass(reader: Reader): BadgeClass {
  reader.type([CLASS.BadgeClass], "BadgeClass");
  if (!(reader.legacy && reader.node.id === null)) reader.id();
  readAlignments(reader);
  reader.texts("tags");
  return {
    id: reader.node.id,
    name: reader.text("name", true),
    description: reader.text("description", true),
    image: readImage(reader, true),
    criteria: readCriteria(reader),
    issuer: reader.reference("issuer", true),
    endorsements: reader.references("endorsement"),
  };
}

function readCriteria(outer: Reader): Criteria | null {
  const node = outer.reference("criteria", true);
  if (node === null) return null;
  const reader = outer.inside(node, "criteria");
  const narrative = reader.text("narrative");
  const id = node.id === "" ? null : node.id;
  if (id === null && (narrative === null || narrative.trim() === "")) {
    const words = "The criteria say nothing: there is neither an address nor a text.";
    outer.fault("criteria-empty", "criteria", words);
  }
  return { id, narrative };
}

function readAlignments(outer: Reader): void {
  for (const node of outer.references("alignment")) {
    const reader = outer.inside(node, "alignment");
    if (node.properties.size === 0) outer.invalid("alignment", "an alignment object", node);
    // 1.x called them name, url and description (OB20-L-04).
    else if (outer.legacy && reader.all("targetName").length === 0) {
      reader.text("name", true);
      reader.url("url", true);
    } else {
      reader.text("targetName", true);
      reader.url("targetUrl", true);
      reader.optionalTexts("targetDescription", "targetFramework", "targetCode");
    }
  }
}
