// Endorsements of everything on the way: read wherever they are, with who gives them.
import type { Node } from "./contexts/expand.ts";
import { type Endorsement, readEndorsement } from "./documents/endorsement.ts";
import { hostedAt, isHosted } from "./documents/hosted-at.ts";
import { type Profile, readProfile } from "./documents/profile.ts";
import { isHttpUrl } from "./documents/reader.ts";
import type { RevocationList } from "./documents/revocation-list.ts";
import {
  asLoaded,
  type Found,
  follow,
  type Loaded,
  type LoadedKey,
  loadKeys,
  loadList,
  loadTombstone,
  type Tombstone,
} from "./follow.ts";
import { looksSigned, parseToken, type Token } from "./jws.ts";
import { parseText } from "./parse.ts";
import { ACCEPT_DOCUMENT, type Reading } from "./reading.ts";

/** Most endorsements of one badge that are judged; ten thousand may be claimed. */
export const MAX_ENDORSEMENTS = 20;

export interface LoadedEndorsement {
  /** Id of what it hangs on. */
  readonly endorsed: string | null;
  /** How it is named there; null for one that stands there. */
  readonly id: string | null;
  readonly endorsement: Found<Endorsement>;
  readonly issuer: Found<Profile>;
  readonly list: Found<RevocationList>;
  /** The signature around it; null for a hosted one. */
  readonly token: Token | null;
  readonly keys: readonly LoadedKey[];
  readonly tombstone: Tombstone | null;
}

/** What stands at an address, or in its place. */
interface Given {
  readonly endorsement: Found<Endorsement>;
  readonly token: Token | null;
}

/** Gathers endorsements while the way from document to document is still being walked. */
export class Endorsements {
  private readonly reading: Reading;
  private readonly seen = new Set<string>();
  private readonly loading: Promise<LoadedEndorsement>[] = [];
  private unread = 0;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  add(endorsed: Loaded<unknown>, references: readonly Node[]): void {
    for (const reference of references) {
      const name = reference.id;
      if (name !== null && this.seen.has(name)) continue;
      if (name !== null) this.seen.add(name);
      if (this.loading.length >= MAX_ENDORSEMENTS) this.unread++;
      else this.loading.push(this.load(endorsed, reference));
    }
  }

  async all(): Promise<{
    readonly endorsements: readonly LoadedEndorsement[];
    readonly unread: number;
  }> {
    return { endorsements: await Promise.all(this.loading), unread: this.unread };
  }

  private async load(endorsed: Loaded<unknown>, reference: Node): Promise<LoadedEndorsement> {
    const { reading } = this;
    const { endorsement, token } = await this.given(endorsed, reference);
    const given = endorsement?.ok ? endorsement : null;
    const issuer = given
      ? await follow(reading, "endorser", given, given.model.issuer, readProfile)
      : null;
    const signed = token !== null && given?.model.verification === "signed" && issuer?.ok;
    const named = { creator: given?.model.creator ?? null, url: null };
    const [list, keys, tombstone] = await Promise.all([
      issuer?.ok ? loadList(reading, issuer.model.revocationList) : null,
      signed ? loadKeys(reading, issuer, named) : [],
      signed ? loadTombstone(reading, given.model.id, "endorsement") : null,
    ]);
    const id = token === null ? reference.id : (given?.model.id ?? null);
    return { endorsed: endorsed.node.id, id, endorsement, issuer, list, token, keys, tombstone };
  }

  /** A compact JWS may stand in place of the address, or answer at it. */
  private async given(endorsed: Loaded<unknown>, reference: Node): Promise<Given> {
    const { reading } = this;
    const name = reference.source === null ? (reference.id ?? "") : "";
    if (looksSigned(name)) return this.fromToken(name);
    if (isHttpUrl(name)) {
      const answer = await reading.get(name, "endorsement", ACCEPT_DOCUMENT);
      const text = answer.ok ? tokenIn(answer.bytes) : null;
      if (text !== null) return this.fromToken(text);
    }
    const endorsement = await follow(reading, "endorsement", endorsed, reference, readEndorsement);
    return { endorsement, token: null };
  }

  private async fromToken(text: string): Promise<Given> {
    const parsed = parseToken(text);
    if (!parsed.ok) {
      const { reason, words } = parsed;
      return {
        endorsement: { ok: false, reason, words, definite: true, status: null },
        token: null,
      };
    }
    const payload = parseText(parsed.token.payload, null);
    if (!payload.ok) return { endorsement: payload, token: null };
    const address = isHosted(payload.node) ? hostedAt(payload.node) : null;
    if (address === null) {
      return { endorsement: asLoaded(payload, readEndorsement), token: parsed.token };
    }
    // What says that it is hosted is judged by its host, whoever signed this copy.
    const held = await this.reading.document(address, "endorsement");
    return { endorsement: held.ok ? asLoaded(held, readEndorsement) : held, token: null };
  }
}

/** Null for what is something else: a document, most likely. */
function tokenIn(bytes: Uint8Array): string | null {
  // Nothing but a token starts with these: "ey", after what a line may begin with.
  const text = new TextDecoder().decode(bytes.subarray(0, MAX_LOOK)).trimStart();
  return text.startsWith("ey") ? new TextDecoder().decode(bytes).trim() : null;
}

/** Octets of an answer that tell whether it may be a token. */
const MAX_LOOK = 64;
