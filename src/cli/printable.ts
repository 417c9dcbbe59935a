// A stranger's text on one line of a terminal.

/** Escape sequences could rewrite what stands above, line breaks could add lines of their own. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
}
