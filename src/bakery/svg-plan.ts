// Where to cut an SVG so that a badge can be spliced in: found while it is inspected, then kept.

import type { SvgLimits } from "./limits.ts";
import type { Refusal, SvgReason } from "./refusal.ts";
import { decodeSvg, type SvgElement, type SvgVisitor, walkSvg } from "./svg-walk.ts";

/** The element one version of Open Badges bakes into an SVG. */
export interface SvgVocabulary {
  namespace: string;
  element: string;
}

/** `<openbadges:assertion>` of Open Badges 2.0 (OB20-SVG-01 and 02). */
export const OB2_SVG: SvgVocabulary = {
  namespace: "http://openbadges.org",
  element: "assertion",
};

/** `<openbadges:credential>` of Open Badges 3.0. */
export const OB3_SVG: SvgVocabulary = {
  namespace: "https://purl.imsglobal.org/ob/v3p0",
  element: "credential",
};

const VOCABULARIES = [OB2_SVG, OB3_SVG];

/** The literal prefix: DOM readers look for the qualified name (OB20-SVG-06). */
export const PREFIX = "openbadges";

/** A badge's element in the file, `[start, end)` in bytes. */
export interface SvgCarrier extends SvgVocabulary {
  start: number;
  end: number;
}

/** Byte offsets for splicing. Plain data: it may be stored beside the image it belongs to. */
export interface SvgPlan {
  /** Size of the file the plan was made from; another file's plan is refused. */
  fileBytes: number;
  rootName: string;
  /** Where `<` of the root stands, and where its name ends. */
  rootStart: number;
  rootNameEnd: number;
  /** Where the content starts; for `<svg/>` where the file goes on after it. */
  rootTagEnd: number;
  selfClosing: boolean;
  /** What the root binds the prefix `openbadges` to, if it does. */
  prefixNamespace: string | undefined;
  /** Whether anything but badges uses that prefix. */
  prefixInUse: boolean;
  /** Badges already inside, in order, none within another. */
  carriers: SvgCarrier[];
}

/** Whether an element is the one a vocabulary bakes, whatever its prefix. */
export function isCarrierElement(element: SvgElement, vocabulary: SvgVocabulary): boolean {
  return element.local === vocabulary.element && element.namespace === vocabulary.namespace;
}

/** Plans the splice of any SVG that walks, without judging what else it holds. Never throws. */
export function planSvg(
  bytes: Uint8Array,
  limits: SvgLimits = {},
): { ok: true; plan: SvgPlan } | Refusal<SvgReason> {
  const decoded = decodeSvg(bytes, limits.maxBytes);
  if (!decoded.ok) return decoded;
  const planner = new Planner();
  const walked = walkSvg(decoded.text, planner, limits);
  return walked.ok ? { ok: true, plan: planner.plan(decoded.text) } : walked;
}

/** Notes during one walk what the plan needs, in UTF-16 offsets. */
export class Planner implements SvgVisitor {
  private root: SvgElement | undefined;
  private readonly carriers: (SvgCarrier & { depth: number })[] = [];
  private inside: (SvgCarrier & { depth: number }) | undefined;
  private prefixInUse = false;

  open(element: SvgElement): undefined {
    this.root ??= element;
    if (this.inside) return;
    const vocabulary = VOCABULARIES.find((known) => isCarrierElement(element, known));
    if (vocabulary && element !== this.root) {
      this.inside = { ...vocabulary, start: element.start, end: element.end, depth: element.depth };
      return;
    }
    this.prefixInUse ||=
      element.prefix === PREFIX ||
      element.attributes.some(({ name }) => name.startsWith(`${PREFIX}:`));
  }

  close(depth: number, end: number): undefined {
    if (this.inside?.depth !== depth) return;
    this.carriers.push({ ...this.inside, end });
    this.inside = undefined;
  }

  /** The plan, in bytes. Only after a walk that ended well, so that there is a root. */
  plan(text: string): SvgPlan {
    const { root, prefixInUse } = this;
    if (!root) throw new TypeError("a plan needs a walk that ended well");
    const bytesAt = byteOffsets(text);
    const declaration = root.attributes.find(({ name }) => name === `xmlns:${PREFIX}`);
    const rootStart = bytesAt(root.start);
    const rootNameEnd = bytesAt(root.start + 1 + root.name.length);
    const rootTagEnd = bytesAt(root.end);
    const carriers = this.carriers.map(({ namespace, element, start, end }) => ({
      namespace,
      element,
      start: bytesAt(start),
      end: bytesAt(end),
    }));
    return {
      fileBytes: bytesAt(text.length),
      rootName: root.name,
      rootStart,
      rootNameEnd,
      rootTagEnd,
      selfClosing: root.selfClosing,
      prefixNamespace: declaration?.value,
      prefixInUse,
      carriers,
    };
  }
}

/** Turns UTF-16 offsets, asked for in ascending order, into UTF-8 offsets. */
function byteOffsets(text: string): (offset: number) => number {
  const encoder = new TextEncoder();
  let at = 0;
  let bytes = 0;
  return (offset) => {
    bytes += encoder.encode(text.slice(at, offset)).length;
    at = offset;
    return bytes;
  };
}
