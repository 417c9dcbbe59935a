// Puts a badge into an SVG and removes it, by cutting bytes: nothing is parsed or printed again.

import { inspectSvg } from "./inspect-svg.ts";
import { MAX_PAYLOAD_BYTES } from "./limits.ts";
import { joinParts, without } from "./parts.ts";
import { type PayloadReason, type Refusal, refusePayload, type SvgReason } from "./refusal.ts";
import { OB2_SVG, PREFIX, planSvg, type SvgPlan, type SvgVocabulary } from "./svg-plan.ts";

/**
 * What goes in. Hosted: the assertion's JSON, with its address in `verify` unless `url` is left out,
 * which suits readers that take any `verify` for a JWS (OB20-SVG-05). Signed: the compact JWS.
 */
export type SvgPayload = { json: string; url?: string } | { jws: string };

type Whole = { ok: true; bytes: Uint8Array<ArrayBuffer> } | Refusal<SvgReason | PayloadReason>;

const encoder = new TextEncoder();

/**
 * The baked file. `plan` is what `inspectSvg` answered for these very bytes; without it, or with
 * one for a file of another size, the file is inspected first. The root gains the namespace
 * declaration and, as its first child, the badge's element; badges of the same vocabulary that were
 * inside are removed, whatever their prefix; every other byte is the original's. Never throws.
 *
 * @see OB 2.0 baking specification, SVG; rules OB20-SVG-01 to 08
 */
export function bakeSvg(
  bytes: Uint8Array,
  payload: SvgPayload,
  plan?: SvgPlan,
  vocabulary: SvgVocabulary = OB2_SVG,
): Whole {
  if (plan?.fileBytes !== bytes.length) {
    const inspected = inspectSvg(bytes);
    if (!inspected.ok) return inspected;
    plan = inspected.plan;
  }
  const text = "json" in payload ? payload.json : payload.jws;
  if (isOversize(text)) {
    const detail = `The badge has more than the ${MAX_PAYLOAD_BYTES} bytes a file may carry.`;
    return refusePayload("payload-over-byte-limit", detail);
  }
  return { ok: true, bytes: joinParts(splice(bytes, payload, plan, vocabulary)) };
}

/** UTF-8 takes at most three octets a UTF-16 unit, so short text need not be encoded to be measured. */
function isOversize(text: string): boolean {
  if (text.length * 3 <= MAX_PAYLOAD_BYTES) return false;
  return text.length > MAX_PAYLOAD_BYTES || encoder.encode(text).length > MAX_PAYLOAD_BYTES;
}

/** The declaration the root gains, exactly as `stripSvg` takes it away again. */
function declaration(namespace: string): string {
  return ` xmlns:${PREFIX}="${namespace}"`;
}

function splice(
  bytes: Uint8Array,
  payload: SvgPayload,
  plan: SvgPlan,
  { namespace, element }: SvgVocabulary,
): Uint8Array[] {
  const bound = plan.prefixNamespace;
  const onRoot = bound === undefined ? declaration(namespace) : "";
  // A root that binds the prefix to another version's namespace keeps it for that version's badge.
  const onElement = bound !== undefined && bound !== namespace ? declaration(namespace) : "";
  const badge = `<${PREFIX}:${element}${onElement}${elementRest(payload, `${PREFIX}:${element}`)}`;
  const head = [bytes.subarray(0, plan.rootNameEnd), encoder.encode(onRoot)];
  if (plan.selfClosing) {
    return [
      ...head,
      bytes.subarray(plan.rootNameEnd, plan.rootTagEnd - "/>".length),
      encoder.encode(`>${badge}</${plan.rootName}>`),
      bytes.subarray(plan.rootTagEnd),
    ];
  }
  const older = plan.carriers.filter(
    (carrier) => carrier.namespace === namespace && carrier.element === element,
  );
  return [
    ...head,
    bytes.subarray(plan.rootNameEnd, plan.rootTagEnd),
    encoder.encode(badge),
    ...without(bytes, plan.rootTagEnd, older),
  ];
}

/** What follows the name in the badge's start tag, to the end of the element. */
function elementRest(payload: SvgPayload, name: string): string {
  if ("jws" in payload) return ` verify="${attributeValue(payload.jws)}"></${name}>`;
  const verify = payload.url === undefined ? "" : ` verify="${attributeValue(payload.url)}"`;
  return `${verify}><![CDATA[${cdata(payload.json)}]]></${name}>`;
}

/** Characters XML 1.0 does not have, surrogates aside: the encoder sees to those. */
const NOT_XML = /[^\t\n\r -\ufffd]/g;

/**
 * JSON as the body of a CDATA section. The end mark can occur in JSON inside a string only, so it is
 * written `]]\u003e` there: the same document to every JSON reader. Splitting the section in two
 * would keep the text but lose readers that take the first section for the whole.
 */
function cdata(json: string): string {
  return json
    .replaceAll("]]>", "]]\\u003e")
    .replace(NOT_XML, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as the value of an attribute; blanks and what no XML has are written as in a URL. */
function attributeValue(text: string): string {
  return text.replace(/[&<>"]|[^!-\ufffd]/g, (found) => ENTITIES[found] ?? encodeURI(found));
}

/** The file without any badge, of either version, and without the declaration baking added. */
export function stripSvg(bytes: Uint8Array): Whole {
  const planned = planSvg(bytes);
  if (!planned.ok) return planned;
  const { plan } = planned;
  const cuts: { start: number; end: number }[] = [...plan.carriers];
  const namespace = plan.prefixNamespace;
  if (namespace !== undefined && plan.carriers.length > 0 && !plan.prefixInUse) {
    const ours = encoder.encode(declaration(namespace));
    const start = plan.rootNameEnd;
    const end = start + ours.length;
    if (ours.every((octet, i) => bytes[start + i] === octet)) cuts.unshift({ start, end });
  }
  return { ok: true, bytes: joinParts(without(bytes, 0, cuts)) };
}
