// Which languages pages speak, and in which one to answer a request.

/** Languages that pages speak; `en-XA` is English made strange, to find text that no catalogue has. */
export const LANGUAGES = ["en", "de", "en-XA"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Those offered to people, each by its own name. */
export const OFFERED = [
  ["en", "English"],
  ["de", "Deutsch"],
] as const satisfies readonly (readonly [Language, string])[];

/** Of the header that browsers send; what is beyond names no language anybody reads. */
const MAX_ACCEPTED = 20;

/**
 * The language to answer a request in: the one its address names (`?lang=de`), the one its person
 * chose, the best of its Accept-Language (RFC 9110, section 12.5.4), English.
 */
export function languageOf(request: Request, chosen: string | null = null): Language {
  const named = new URL(request.url).searchParams.get("lang");
  const wanted = [named, chosen, ...accepted(request.headers.get("accept-language") ?? "")];
  for (const tag of wanted) {
    const language = tag === null ? undefined : known(tag);
    if (language !== undefined) return language;
  }
  return "en";
}

/** The language to say something in that stands beside a text of this language (BCP 47). */
export function languageBeside(tag: string): Language {
  return known(tag) ?? "en";
}

function known(tag: string): Language | undefined {
  const lower = tag.toLowerCase();
  if (lower === "en-xa") return "en-XA";
  const primary = lower.split("-")[0];
  return LANGUAGES.find((language) => language === primary);
}

/** The best liked first; what is asked not to be sent is left out. */
function accepted(header: string): string[] {
  return header
    .split(",")
    .slice(0, MAX_ACCEPTED)
    .map((item) => {
      const [tag = "", ...parameters] = item.split(";").map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== "" && quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}
