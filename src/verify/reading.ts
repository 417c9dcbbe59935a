// Reads one document by its address: fetched within the bounds of the whole verification, and named.
import type { Fetched, PublicFetch } from "../net/public-fetch.ts";
import { parseStrictJson } from "../strict-json.ts";
import { hostedAt } from "./documents/hosted-at.ts";
import { isHttpUrl } from "./documents/reader.ts";
import type { Dossier } from "./load.ts";
import { cut, type Parsed, parseDocument, type Refusal, refuse } from "./parse.ts";
import type { DocumentRecord } from "./result.ts";

/** Most addresses asked for one badge, its pictures and endorsements included. */
export const MAX_FETCHES = 64;
/** Most octets of all answers together. */
export const MAX_TOTAL_BYTES = 8 * 1024 * 1024;
/** No address is asked any more once this is over, in milliseconds. */
export const MAX_TOTAL_MS = 30_000;

/** Also sent for pictures by the validators people know, so every issuer can answer it (OB20-H-02). */
export const ACCEPT_DOCUMENT =
  "application/ld+json, application/json;q=0.9, image/png;q=0.8, image/svg+xml;q=0.8";
export const ACCEPT_IMAGE = "image/png, image/svg+xml";

export interface Answer {
  readonly ok: true;
  readonly status: number;
  readonly url: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Held extends Parsed {
  /** Where it was asked for. */
  readonly url: string;
  /** The declared id that led to another reading, when it was not the address asked for. */
  readonly differs: string | null;
  readonly lies: boolean;
  /** Where it was read in the end, when that is another origin than its id's. */
  readonly elsewhere: string | null;
}

export interface Clock {
  readonly fetchPublic: PublicFetch;
  readonly now: () => number;
  readonly memory?: Memory;
}

/** What was asked for, and the record of it. */
interface Asked {
  readonly answer: Answer | Refusal;
  readonly record: DocumentRecord;
}

/** What a badge's description leads to, and what was asked on the way. */
interface Way {
  readonly dossier: Dossier;
  readonly asked: readonly (Asked & { readonly answered: Promise<Answer | Refusal> })[];
  /** Octets of all the answers. */
  readonly bytes: number;
}

/**
 * What the verifications of one batch share: what issuers say of themselves and their badges, read
 * once for all. Made for one batch and thrown away with it: nothing in it is ever asked for again.
 * An award's own address, and whatever failed, is never kept.
 */
export interface Memory {
  /** By what was accepted and the address, since a host may answer each asker differently. */
  readonly answers: Map<string, Promise<Asked>>;
  readonly documents: WeakMap<Answer, Document | Refusal>;
  /** By where each starts; see `Reading.way`. */
  readonly ways: Map<string, Way>;
}

type Document = Parsed & { readonly finalUrl: string };

/** Most answers, and most ways, that one batch keeps; it forgets all of them when there are more. */
export const MAX_REMEMBERED = 500;

export function createMemory(): Memory {
  return { answers: new Map(), documents: new WeakMap(), ways: new Map() };
}

/** The reading of one badge: what is asked for twice is fetched once, and no more than the bounds. */
export class Reading {
  readonly records = new Map<string, DocumentRecord>();
  private readonly clock: Clock;
  private readonly started: number;
  private readonly answers = new Map<string, Promise<Answer | Refusal>>();
  private bytes = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.started = clock.now();
  }

  /** What was asked, in that order, which is the same whoever answers first. */
  asked(): DocumentRecord[] {
    return [...this.answers.keys()].flatMap((url) => this.records.get(url) ?? []);
  }

  /** One answer, of any status. Never rejects. */
  get(address: string, role: string, accept: string): Promise<Answer | Refusal> {
    const url = withoutFragment(address);
    const known = this.answers.get(url);
    if (known) return known;
    const answer = this.notAsked(url) ?? this.ask(url, role, accept);
    this.answers.set(url, answer);
    return answer;
  }

  /** Why an address is not asked at all; the same whether or not others of the batch asked it. */
  private notAsked(url: string): Promise<Refusal> | null {
    if (!isHttpUrl(url)) {
      const words = `${cut(url)} is not a web address that can be asked.`;
      return Promise.resolve(refuse("address-unusable", words, false));
    }
    if (this.leaves(1, 0)) return null;
    const words =
      "The badge needs more documents, or larger or slower ones, than are read for one.";
    return Promise.resolve(refuse("over-budget", words, false));
  }

  /** Whether so many addresses and octets more are within the bounds. */
  private leaves(fetches: number, bytes: number): boolean {
    return (
      this.answers.size + fetches <= MAX_FETCHES &&
      this.bytes + bytes < MAX_TOTAL_BYTES &&
      this.clock.now() - this.started < MAX_TOTAL_MS
    );
  }

  private async ask(url: string, role: string, accept: string): Promise<Answer | Refusal> {
    const { fetchPublic, memory } = this.clock;
    const shared = role === "assertion" ? undefined : memory?.answers;
    const name = `${accept} ${url}`;
    const asking = shared?.get(name) ?? askOnce(fetchPublic, url, role, accept);
    if (shared) remember(shared, name, asking);
    const { answer, record } = await asking;
    this.bytes += record.bytes;
    this.records.set(url, record.role === role ? record : { ...record, role });
    return answer;
  }

  /**
   * What `load` gathers from where `start` names, taken from the batch's memory where another badge
   * gathered it. Only what was wholly answered is kept, and only a badge that would have asked for
   * the same, in the same manner and within its bounds, is given it. `load` must depend on nothing
   * but `start` and the reading it is given.
   */
  async way(start: string, load: (reading: Reading) => Promise<Dossier>): Promise<Dossier> {
    const { memory } = this.clock;
    if (!memory) return load(this);
    const known = memory.ways.get(start);
    if (known && this.goes(known)) return known.dossier;
    const trail = new Trail(this, this.clock);
    const dossier = await load(trail);
    const asked = await trail.answered();
    if (asked === null) return dossier;
    const bytes = asked.reduce((sum, { record }) => sum + record.bytes, 0);
    if (memory.ways.size >= MAX_REMEMBERED) memory.ways.clear();
    memory.ways.set(start, { dossier, asked, bytes });
    return dossier;
  }

  /** Whether this reading could have gone the same way; then it has. */
  private goes({ asked, bytes }: Way): boolean {
    if (!this.leaves(asked.length, bytes)) return false;
    const { answers, records } = this;
    // One that is asked already for something else, or whose answer is still to come, counts as it is.
    const strays = asked.some(({ record: { url, role } }) =>
      answers.has(url) ? records.get(url)?.role !== role : false,
    );
    if (strays) return false;
    for (const { answered, record } of asked) {
      if (answers.has(record.url)) continue;
      this.bytes += record.bytes;
      answers.set(record.url, answered);
      records.set(record.url, record);
    }
    return true;
  }

  /**
   * The document at an address. Where it says that its id is another address, it is read once more
   * there, and what comes back counts: nothing is believed about an id but what its own address
   * says (OB20-H-10).
   */
  async document(address: string, role: string): Promise<Held | Refusal> {
    const first = await this.parsed(address, role);
    if (!first.ok) return first;
    const declared = hostedAt(first.node);
    if (declared === null || sameAddress(declared, address, first.finalUrl)) {
      const elsewhere = elsewhereThan(declared ?? address, first.finalUrl);
      return { ...first, url: address, differs: null, lies: false, elsewhere };
    }
    const second = await this.parsed(declared, role);
    if (!second.ok) return second;
    const again = hostedAt(second.node);
    const lies = again !== null && !sameAddress(again, declared, second.finalUrl);
    const elsewhere = elsewhereThan(declared, second.finalUrl);
    return { ...second, url: declared, differs: declared, lies, elsewhere };
  }

  private async parsed(address: string, role: string): Promise<Document | Refusal> {
    const answer = await this.get(address, role, ACCEPT_DOCUMENT);
    if (!answer.ok) return answer;
    const before = this.clock.memory?.documents.get(answer);
    if (before) return before;
    const read = parseDocument(answer.bytes, answer.url);
    const document = read.ok
      ? { ...read, finalUrl: answer.url }
      : { ...read, status: answer.status };
    this.clock.memory?.documents.set(answer, document);
    return document;
  }
}

/** A reading that asks through another one and knows for what it was asked itself. */
class Trail extends Reading {
  private readonly through: Reading;
  private readonly gone = new Map<string, [role: string, answer: Promise<Answer | Refusal>]>();

  constructor(through: Reading, clock: Clock) {
    super(clock);
    this.through = through;
  }

  override get(address: string, role: string, accept: string): Promise<Answer | Refusal> {
    const answer = this.through.get(address, role, accept);
    const url = withoutFragment(address);
    if (!this.gone.has(url)) this.gone.set(url, [role, answer]);
    return answer;
  }

  /** All that was asked; null where something failed, or was asked before for something else. */
  async answered(): Promise<Way["asked"] | null> {
    const asked: Way["asked"][number][] = [];
    for (const [url, [role, asking]] of this.gone) {
      const answer = await asking;
      const record = this.through.records.get(url);
      if (!answer.ok || record?.role !== role) return null;
      asked.push({ answer, record, answered: asking });
    }
    return asked;
  }
}

const withoutFragment = (address: string) => address.replace(/#.*$/s, "");

async function askOnce(
  fetchPublic: PublicFetch,
  url: string,
  role: string,
  accept: string,
): Promise<Asked> {
  const fetched = await fetchPublic(url, { accept });
  const answer = judgeAnswer(url, fetched);
  const record = {
    url,
    ...(fetched.ok && fetched.url !== url ? { finalUrl: fetched.url } : {}),
    role,
    status: fetched.ok ? fetched.status : null,
    bytes: fetched.ok ? fetched.bytes.length : 0,
    ...(answer.ok ? {} : { reason: answer.reason }),
  };
  return { answer, record };
}

function remember(answers: Memory["answers"], url: string, asked: Promise<Asked>): void {
  if (answers.has(url)) return;
  if (answers.size >= MAX_REMEMBERED) answers.clear();
  answers.set(url, asked);
  void asked.then(({ answer }) => {
    if (!answer.ok) answers.delete(url);
  });
}

const elsewhereThan = (id: string, finalUrl: string) =>
  new URL(id).origin === new URL(finalUrl).origin ? null : finalUrl;

function sameAddress(id: string, ...addresses: readonly string[]): boolean {
  const { href } = new URL(id);
  return addresses.some((address) => {
    if (!URL.canParse(address)) return false;
    const other = new URL(address);
    // The network never sees a fragment, so an answer's address has lost it.
    return other.href === href || `${other.href}${new URL(id).hash}` === href;
  });
}

const GUARDED = new Set(["address-not-public"]);
const UNUSABLE = new Set(["bad-url", "not-https", "credentials-in-url", "port-not-allowed"]);

/** Gone is an answer too; every other status but 2xx is none (OB20-H-06, H-08). */
function judgeAnswer(url: string, fetched: Fetched): Answer | Refusal {
  if (!fetched.ok) {
    const words = `${cut(url)} could not be read. ${fetched.detail}`;
    if (GUARDED.has(fetched.reason)) return refuse("address-refused", words, false);
    if (UNUSABLE.has(fetched.reason)) return refuse("address-unusable", words, false);
    if (fetched.reason === "too-large") return refuse("too-large", words, false);
    return refuse("unreachable", words, false);
  }
  const { status, bytes } = fetched;
  if (status === 410) {
    const gone = refuse(
      "revoked",
      `${cut(url)} says that it is gone: it was revoked.`,
      true,
      status,
    );
    return { ...gone, revocationReason: reasonIn(bytes) };
  }
  if (status < 200 || status > 299) {
    const words = `${cut(url)} answered with status ${status}, so nothing it says counts.`;
    return refuse("status-refused", words, false, status);
  }
  return { ok: true, status, url: fetched.url, bytes };
}

/** A tombstone's body is optional, and so is the reason in it. */
function reasonIn(bytes: Uint8Array): string | undefined {
  const parsed = parseStrictJson(new TextDecoder().decode(bytes));
  const value = parsed.ok ? parsed.value : null;
  if (typeof value !== "object" || value === null || !("revocationReason" in value))
    return undefined;
  return typeof value.revocationReason === "string" ? value.revocationReason : undefined;
}
