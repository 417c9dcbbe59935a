// Checks an SVG whole, once, when it is uploaded, and plans where a badge will be spliced in.

import { SVG_ROOT_WITHIN_BYTES, type SvgLimits } from "./limits.ts";
import type { Refusal, SvgReason } from "./refusal.ts";
import { checkStyle, findActive, SVG_NAMESPACE } from "./svg-active.ts";
import { Expansion } from "./svg-expansion.ts";
import { Planner, type SvgPlan } from "./svg-plan.ts";
import { decodeSvg, type SvgElement, type SvgFault, type SvgVisitor, walkSvg } from "./svg-walk.ts";

/** An SVG that is a still picture complete in itself. */
export interface InspectedSvg {
  ok: true;
  /** In CSS pixels, from width and height, else from the viewBox; undefined if it has neither. */
  width: number | undefined;
  height: number | undefined;
  elements: number;
  /** Whether a badge of either Open Badges version is already inside. */
  baked: boolean;
  /** For `bakeSvg`, which then need not parse again. */
  plan: SvgPlan;
}

/**
 * The full check of an uploaded SVG: UTF-8, well-formed with namespaces, an `svg` root readers will
 * find, no entities, no scripts, no handlers, nothing foreign, nothing outside the file, and the
 * limits, which hold while it parses. Refuses and says where; never rewrites. Never throws.
 *
 * Serve what passes as an image of its own with a content security policy; do not paste it into HTML.
 */
export function inspectSvg(
  bytes: Uint8Array,
  limits: SvgLimits = {},
): InspectedSvg | Refusal<SvgReason> {
  const decoded = decodeSvg(bytes, limits.maxBytes);
  if (!decoded.ok) return decoded;
  const inspection = new Inspection();
  const walked = walkSvg(decoded.text, inspection, limits);
  if (!walked.ok) return walked;
  if (inspection.expansion.exceeds(limits.maxExpandedElements)) {
    const detail = "References make far more elements than the file shows. Simplify the image.";
    return { ok: false, reason: "svg-over-expansion-limit", detail };
  }
  const plan = inspection.planner.plan(decoded.text);
  if (plan.rootStart + "<svg".length > SVG_ROOT_WITHIN_BYTES) {
    const detail = `<svg must start in the first ${SVG_ROOT_WITHIN_BYTES} bytes. Shorten what precedes it.`;
    return { ok: false, reason: "svg-long-prolog", detail };
  }
  const { elements, size } = inspection;
  return { ok: true, ...size, elements, baked: plan.carriers.length > 0, plan };
}

interface Size {
  width: number | undefined;
  height: number | undefined;
}

class Inspection implements SvgVisitor {
  readonly planner = new Planner();
  readonly expansion = new Expansion();
  elements = 0;
  size: Size = { width: undefined, height: undefined };
  private style: { depth: number; text: string } | undefined;

  open(element: SvgElement): SvgFault | undefined {
    const fault = this.elements === 0 ? this.openRoot(element) : undefined;
    if (fault) return fault;
    this.elements++;
    if (this.style) {
      const detail = "An element stands inside a style sheet. Remove it.";
      return { reason: "svg-active-style", detail };
    }
    const active = findActive(element);
    if (active) return active;
    if (element.local.toLowerCase() === "style") this.style = { depth: element.depth, text: "" };
    this.expansion.add(element);
    return this.planner.open(element);
  }

  text(text: string): void {
    if (this.style) this.style.text += text;
  }

  close(depth: number, end: number): SvgFault | undefined {
    this.planner.close(depth, end);
    if (this.style?.depth !== depth) return undefined;
    const fault = checkStyle(this.style.text, true);
    this.style = undefined;
    return fault;
  }

  instruction(target: string): SvgFault | undefined {
    if (target.toLowerCase() !== "xml-stylesheet") return undefined;
    return { reason: "svg-stylesheet", detail: "The file loads a style sheet. Remove that line." };
  }

  private openRoot(root: SvgElement): SvgFault | undefined {
    if (root.local !== "svg" || root.namespace !== SVG_NAMESPACE) {
      const detail = `The root must be svg with xmlns="${SVG_NAMESPACE}".`;
      return { reason: "svg-not-svg", detail };
    }
    if (root.prefix !== "") {
      const detail = `The root is ${root.name}; many readers know only svg. Remove the prefix.`;
      return { reason: "svg-prefixed-root", detail };
    }
    const size = readSize(root);
    if ("reason" in size) return size;
    this.size = size;
    return undefined;
  }
}

/** CSS pixels per unit (CSS Values and Units Level 4, section 6.2). */
const UNITS: Record<string, number> = {
  "": 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  q: 96 / 101.6,
};

/** A length in pixels; undefined when it is relative, or no length. */
function pixels(text: string | undefined): number | undefined {
  const [, number, unit = ""] =
    /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)([a-z]*)\s*$/i.exec(text ?? "") ?? [];
  const factor = UNITS[unit.toLowerCase()];
  const value = Number(number);
  return factor === undefined || !Number.isFinite(value) ? undefined : value * factor;
}

/** Width and height of the root, else of its viewBox, as SVG 2 sections 7.2 and 8.2 have them. */
function readSize(root: SvgElement): Size | SvgFault {
  const value = (wanted: string) => root.attributes.find(({ name }) => name === wanted)?.value;
  const box = value("viewBox")
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const size = {
    width: pixels(value("width")) ?? box?.[2],
    height: pixels(value("height")) ?? box?.[3],
  };
  for (const side of [size.width, size.height, box?.[2], box?.[3]]) {
    if (side === undefined || (side > 0 && Number.isFinite(side))) continue;
    const detail = "Width, height and viewBox of the root must be positive numbers.";
    return { reason: "svg-bad-dimensions", detail };
  }
  return size;
}
