// The forms of a page as a browser would send them, filled in as they stand or left empty.

export interface PageForm {
  /** A path. */
  readonly action: string;
  readonly isMultipart: boolean;
  /** Names and values of what is sent, with the first button pressed. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const FORM = /<form ([^>]*)>(.*?)<\/form>/gs;
const CONTROL =
  /<input ([^>]*?)\/?>|<(textarea|select|button) ?([^>]*)>(.*?)<\/(?:textarea|select|button)>/gs;

function attribute(attributes: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}(?:="([^"]*)")?(?=\\s|/|$)`).exec(attributes);
  return found === null ? null : decode(found[1] ?? "");
}

function decode(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** Those that are posted; `isEmpty` leaves out what a person would type or tick. */
export function postedForms(html: string, path: string, isEmpty: boolean): PageForm[] {
  return [...html.matchAll(FORM)].flatMap(([, attributes = "", inside = ""]) => {
    if (attribute(attributes, "method")?.toLowerCase() !== "post") return [];
    const action = attribute(attributes, "action") ?? path;
    const isMultipart = attribute(attributes, "enctype") === "multipart/form-data";
    return [{ action, isMultipart, fields: fieldsIn(inside, isEmpty) }];
  });
}

function fieldsIn(inside: string, isEmpty: boolean): [string, string][] {
  const fields: [string, string][] = [];
  let pressed = false;
  for (const [, input, element, attributes = "", content = ""] of inside.matchAll(CONTROL)) {
    const of = input ?? attributes;
    const name = attribute(of, "name");
    if (name === null) continue;
    const value = attribute(of, "value") ?? "";
    const type = attribute(of, "type") ?? "text";
    if (element === "button") {
      if (!pressed) fields.push([name, value]);
      pressed = true;
    } else if (type === "hidden") fields.push([name, value]);
    else if (type === "checkbox" || type === "radio") {
      if (!isEmpty && attribute(of, "checked") !== null) fields.push([name, value]);
    } else if (type === "file") continue;
    else if (element === "select") fields.push([name, isEmpty ? "" : chosenIn(content)]);
    else fields.push([name, isEmpty ? "" : element === "textarea" ? decode(content) : value]);
  }
  return fields;
}

function chosenIn(options: string): string {
  const all = [...options.matchAll(/<option ?([^>]*)>/g)].map(([, attributes = ""]) => attributes);
  const chosen = all.find((one) => attribute(one, "selected") !== null) ?? all[0] ?? "";
  return attribute(chosen, "value") ?? "";
}
