// Namespaces in XML 1.0, resolved in constant time a name however deep the document is.

const XML = "http://www.w3.org/XML/1998/namespace";
const XMLNS = "http://www.w3.org/2000/xmlns/";

/** The prefix an attribute declares, "" for the default namespace, undefined if it declares none. */
export function declaredPrefix(attribute: string): string | undefined {
  if (attribute === "xmlns") return "";
  return attribute.startsWith("xmlns:") ? attribute.slice(6) : undefined;
}

/** Prefix and local part of a qualified name, or undefined if it is none (section 4). */
export function splitName(name: string): { prefix: string; local: string } | undefined {
  const colon = name.indexOf(":");
  if (colon < 0) return { prefix: "", local: name };
  const prefix = name.slice(0, colon);
  const local = name.slice(colon + 1);
  if (prefix === "" || local === "" || local.includes(":") || /^[-.\d\u00b7]/.test(local)) {
    return undefined;
  }
  return { prefix, local };
}

/** Which prefix means what at one place of a document. Depth 1 is the root. */
export class NamespaceScope {
  private readonly bindings = new Map<string, { depth: number; uri: string }[]>([
    ["xml", [{ depth: 0, uri: XML }]],
    ["xmlns", [{ depth: 0, uri: XMLNS }]],
  ]);
  private readonly declared: string[][] = [];

  /** Binds a prefix for the element at `depth`; answers what is wrong if it may not be bound. */
  bind(depth: number, prefix: string, uri: string): string | undefined {
    if (prefix === "xmlns" || uri === XMLNS || (prefix === "xml") !== (uri === XML)) {
      return `The prefix ${prefix} may not be bound to ${uri}.`;
    }
    if (prefix !== "" && uri === "") return `The prefix ${prefix} is bound to an empty name.`;
    const stack = this.bindings.get(prefix);
    if (stack) stack.push({ depth, uri });
    else this.bindings.set(prefix, [{ depth, uri }]);
    const here = this.declared[depth];
    if (here) here.push(prefix);
    else this.declared[depth] = [prefix];
    return undefined;
  }

  /** The namespace a prefix is bound to, or undefined. */
  lookup(prefix: string): string | undefined {
    return this.bindings.get(prefix)?.at(-1)?.uri;
  }

  /** The element at `depth` ends, and its declarations with it. */
  leave(depth: number): void {
    const here = this.declared[depth];
    if (!here) return;
    for (const prefix of here) this.bindings.get(prefix)?.pop();
    here.length = 0;
  }
}
