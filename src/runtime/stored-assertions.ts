// Stored assertions in an embedded database: many found by one statement, and put together here.
import { type FormPieces, putTogether, readPieces } from "../db/hosted-form.ts";
import { hostedKeys } from "../db/hosted-key.ts";
import type { StoredAssertion } from "../obv2/hosted.ts";
import type { FileEngine } from "./libsql-file.ts";

/** How many entity tags are remembered between two changes to the database. */
const MAX_REMEMBERED = 10_000;
/** Forms never change, so what is remembered of them is never wrong; a badge has one, or a few. */
export const MAX_FORMS = 10_000;
/** How many one statement finds: their text comes as one. */
export const MAX_TOGETHER = 64;

/** Neither stands in JSON as it is sent, which has an escape for every control character. */
const FIELD_END = "\u001f";
const ROW_END = "\u001e";

/** One text for all, in the order they were asked for: a row or a value of its own costs more than its words. */
const FIND_ALL = `
SELECT group_concat(
  coalesce(form_id || '${FIELD_END}' || etag || '${FIELD_END}' || unique_hash || own, ''),
  '${ROW_END}')
FROM json_each(?) asked LEFT JOIN hosted_assertions ON hosted_assertions.key = asked.value`;
const FIND_FORM = "SELECT id, base, pieces FROM assertion_forms WHERE id = ?";

/** All of a stored assertion but what it says, which a copy that still stands has already. */
type Remembered = Pick<StoredAssertion, "base" | "etag"> & { readonly body: "" };

interface Form {
  readonly base: string;
  readonly pieces: FormPieces;
}

/** Looks stored assertions up, and remembers entity tags for as long as nothing is written. */
export class StoredAssertions {
  readonly #findAll: ReturnType<FileEngine["prepareGet"]>;
  readonly #findForm: ReturnType<FileEngine["prepareGet"]>;
  readonly #engine: FileEngine;
  readonly #known = new Map<string, Remembered>();
  readonly #forms = new Map<number, Form>();
  readonly #words = new Map<string, string>();
  #version: unknown;
  #isChecked = false;

  constructor(engine: FileEngine) {
    this.#engine = engine;
    this.#findAll = engine.prepareGet(FIND_ALL);
    this.#findForm = engine.prepareGet(FIND_FORM);
  }

  /** The entity tag as of now: what is remembered falls with any write to the database. */
  remembered(hash: string): Remembered | undefined {
    if (!this.#isChecked) {
      const version = this.#engine.version();
      if (version !== this.#version) this.#known.clear();
      this.#version = version;
      this.#isChecked = true;
    }
    return this.#known.get(hash);
  }

  /** Only after `remembered` was asked in the same turn: the version is older than what was read. */
  remember(hash: string, { base, etag }: StoredAssertion): void {
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(hash, { base, etag, body: "" });
  }

  /**
   * What is stored for each of these hashes, all of 40 hex digits, in their order. Ends the turn:
   * the next one checks the version anew.
   */
  find(asked: readonly { readonly hash: string }[]): (StoredAssertion | null)[] {
    this.#isChecked = false;
    const found: (StoredAssertion | null)[] = [];
    for (let start = 0; start < asked.length; start += MAX_TOGETHER) {
      this.#findTogether(
        asked.length <= MAX_TOGETHER ? asked : asked.slice(start, start + MAX_TOGETHER),
        found,
      );
    }
    return found;
  }

  #findTogether(
    asked: readonly { readonly hash: string }[],
    found: (StoredAssertion | null)[],
  ): void {
    const [rows] = this.#findAll([hostedKeys(asked)]) ?? [];
    const text = String(rows);
    let start = 0;
    for (const { hash } of asked) {
      const next = text.indexOf(ROW_END, start);
      const end = next < 0 ? text.length : next;
      found.push(start < end ? this.#read(text, start, end, hash) : null);
      start = end + 1;
    }
  }

  /** Null for a row of another award, whose hash begins alike. */
  #read(text: string, start: number, end: number, hash: string): StoredAssertion | null {
    const idEnd = text.indexOf(FIELD_END, start);
    const etagEnd = text.indexOf(FIELD_END, idEnd + 1);
    if (!text.startsWith(hash, etagEnd + 1)) return null;
    const { base, pieces } = this.#form(Number(text.slice(start, idEnd)));
    const own = text.slice(etagEnd + 1 + hash.length, end);
    return { base, etag: text.slice(idEnd + 1, etagEnd), body: putTogether(pieces, hash, own) };
  }

  #form(id: number): Form {
    const known = this.#forms.get(id);
    if (known !== undefined) return known;
    const [found, base, pieces] = this.#findForm([id]) ?? [];
    // It is remembered for good, so it has to be the one that was asked for.
    if (Number(found) !== id) throw new Error(`the form ${id} of Assertions was not found`);
    const form = {
      base: String(base),
      pieces: readPieces(String(pieces)).map((piece) => this.#shared(piece)),
    };
    if (this.#forms.size >= MAX_FORMS) this.#forget();
    this.#forms.set(id, form);
    return form;
  }

  /** Most words of a form are those of every form: the processor's cache is to hold them once. */
  #shared(piece: string | number): string | number {
    if (typeof piece === "number") return piece;
    const known = this.#words.get(piece) ?? piece;
    this.#words.set(piece, known);
    return known;
  }

  #forget(): void {
    this.#forms.clear();
    this.#words.clear();
  }
}
