// Messages of the catalogues as they are written: the part of ICU's MessageFormat that pages need.

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly name: string }
  | {
      readonly kind: "choice";
      readonly name: string;
      /** By count, where `=1` is exact; or by the value's own name. */
      readonly plural: boolean;
      readonly branches: Readonly<Record<string, readonly Part[]>>;
    }
  | { readonly kind: "tag"; readonly name: string; readonly parts: readonly Part[] };

export interface Message {
  readonly parts: readonly Part[];
}

/**
 * Reads `{name}`, `{count, plural, =0 {…} one {…} other {# …}}`, `{kind, select, a {…} other {…}}`
 * and `<link>…</link>`. An apostrophe is itself. Throws SyntaxError, which only a mistake in a
 * catalogue can cause.
 */
export function parseMessage(text: string): Message {
  const reader = new Reader(text);
  const parts = reader.parts(null);
  if (!reader.atEnd()) throw reader.fault("this closes nothing");
  return { parts };
}

const NAME = /[A-Za-z][A-Za-z0-9_]*/y;
const SELECTOR = /=\d+|[A-Za-z][A-Za-z0-9_-]*/y;
const SPACE = /\s*/y;

class Reader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  fault(why: string): SyntaxError {
    return new SyntaxError(`${why}, at ${this.at} of ${JSON.stringify(this.text)}`);
  }

  /** Up to the end, a closing brace or a closing tag, which is left to the caller; `#` is the count of `counted`. */
  parts(counted: string | null): Part[] {
    const found: Part[] = [];
    let run = "";
    const flush = () => {
      if (run !== "") found.push({ kind: "text", text: run });
      run = "";
    };
    while (!this.atEnd()) {
      const sign = this.text[this.at];
      if (sign === "}" || this.text.startsWith("</", this.at)) break;
      if (sign === "{") {
        flush();
        found.push(this.placeholder());
      } else if (sign === "<" && /[a-z]/.test(this.text[this.at + 1] ?? "")) {
        flush();
        found.push(this.tag(counted));
      } else if (sign === "#" && counted !== null) {
        flush();
        this.at++;
        found.push({ kind: "value", name: counted });
      } else {
        run += sign;
        this.at++;
      }
    }
    flush();
    return found;
  }

  private placeholder(): Part {
    this.expect("{");
    const name = this.match(NAME, "a name is missing");
    if (this.take("}")) return { kind: "value", name };
    this.expect(",");
    const type = this.match(NAME, "plural or select is missing");
    if (type !== "plural" && type !== "select") throw this.fault(`there is no ${type}`);
    this.expect(",");
    const plural = type === "plural";
    const branches: Record<string, readonly Part[]> = {};
    while (!this.take("}")) {
      const selector = this.match(SELECTOR, "a case is missing");
      this.expect("{");
      branches[selector] = this.parts(plural ? name : null);
      // What stands before a brace inside a case is its text: no space is skipped there.
      if (this.text[this.at] !== "}") throw this.fault("a case is not closed");
      this.at++;
    }
    if (branches.other === undefined) throw this.fault("the case `other` is missing");
    return { kind: "choice", name, plural, branches };
  }

  private tag(counted: string | null): Part {
    this.at++;
    const name = this.match(NAME, "a tag's name is missing");
    this.expect(">");
    const parts = this.parts(counted);
    const closing = `</${name}>`;
    if (!this.text.startsWith(closing, this.at)) throw this.fault(`${closing} is missing`);
    this.at += closing.length;
    return { kind: "tag", name, parts };
  }

  private match(pattern: RegExp, missing: string): string {
    this.space();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.fault(missing);
    this.at += found.length;
    return found;
  }

  private take(sign: string): boolean {
    const start = this.at;
    this.space();
    if (this.text[this.at] === sign) {
      this.at++;
      return true;
    }
    this.at = start;
    return false;
  }

  private expect(sign: "{" | "}" | "," | ">"): void {
    this.space();
    if (this.text[this.at] !== sign) throw this.fault(`${sign} is missing`);
    this.at++;
    // Text begins right behind what opens it.
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    this.at += SPACE.exec(this.text)?.[0].length ?? 0;
  }
}
