// Contexts by their addresses: bundled, so that reading a document never asks the network.
import { EXTENSION_CONTEXTS } from "./extensions.ts";
import type { ContextObject } from "./namespaces.ts";
import { OPEN_BADGES_LEGACY_TERMS, OPEN_BADGES_V1_TERMS } from "./openbadges-v1.ts";
import { OPEN_BADGES_V2_TERMS } from "./openbadges-v2.ts";

export const V2_ADDRESSES: readonly string[] = [
  "https://w3id.org/openbadges/v2",
  "https://openbadgespec.org/v2/context.json",
];
export const V1_ADDRESSES: readonly string[] = [
  "https://w3id.org/openbadges/v1",
  "https://openbadgespec.org/v1/context.json",
];
const LEGACY_ADDRESS = "https://w3id.org/openbadges/legacy-v1";
type Known = ContextObject | readonly ContextObject[];

/** Both schemes: the name of a context is never fetched, so nothing depends on how it would be. */
const bothSchemes = (address: string): string[] => [
  address,
  address.replace("https://", "http://"),
];

const PUBLISHED: readonly (readonly [string, Known])[] = [
  ...V2_ADDRESSES.map((address) => [address, OPEN_BADGES_V2_TERMS] as const),
  ...V1_ADDRESSES.map((address) => [address, OPEN_BADGES_V1_TERMS] as const),
  [LEGACY_ADDRESS, OPEN_BADGES_LEGACY_TERMS],
  ...EXTENSION_CONTEXTS,
];

export const KNOWN_CONTEXTS: ReadonlyMap<string, Known> = new Map(
  PUBLISHED.flatMap(([address, terms]) =>
    bothSchemes(address).map((name) => [name, terms] as const),
  ),
);
