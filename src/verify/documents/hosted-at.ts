// Where a document says that it is to be found: by its id, or as 1.x said it.
import type { Node } from "../contexts/expand.ts";
import { isHttpUrl } from "./reader.ts";
import { CLASS, PROPERTY } from "./vocabulary.ts";

function verificationOf(node: Node): Node | null {
  const [iri] = PROPERTY.verification;
  const [verification] = node.properties.get(iri) ?? [];
  return verification?.kind === "node" ? verification : null;
}

export function isSigned(node: Node): boolean {
  return verificationOf(node)?.types.includes(CLASS.SignedBadge) ?? false;
}

export function isHosted(node: Node): boolean {
  return !isSigned(node) && (verificationOf(node)?.types.includes(CLASS.HostedBadge) ?? false);
}

/**
 * The address whose word counts for this document: its id, else the address in `verify` of a hosted
 * 1.x assertion; null where it names none. In a signed one that address is the key's.
 */
export function hostedAt(node: Node): string | null {
  if (node.id !== null && isHttpUrl(node.id)) return node.id;
  if (node.id !== null || isSigned(node)) return null;
  const [iri] = PROPERTY.url;
  const [value] = verificationOf(node)?.properties.get(iri) ?? [];
  const url = value?.kind === "node" ? value.id : value?.value;
  return typeof url === "string" && isHttpUrl(url) ? url : null;
}
