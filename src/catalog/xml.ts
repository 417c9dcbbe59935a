// Text as it stands within XML written by hand.
import { escapedHtml } from "../html-text.ts";

/** Every character that XML 1.0 has no place for (section 2.2), lone surrogates among them. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** For text between tags and for values of attributes. */
export function escapedXml(text: string): string {
  return escapedHtml(text.replace(NOT_XML, ""));
}

/** `<name>text</name>` */
export function element(name: string, text: string): string {
  return `<${name}>${escapedXml(text)}</${name}>`;
}

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
