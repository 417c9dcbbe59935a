// Every kind of problem in the reader's language: what it is called, what happened, what to do.
import { PROBLEMS, type ProblemCode } from "../../problem.ts";
import { BADGE_PROBLEMS_DE } from "./problems-badges.ts";
import { REQUEST_PROBLEMS_DE } from "./problems-request.ts";
import { area } from "./speak.tsx";

/** English stands in the table that the API answers from. */
export interface ProblemWords {
  readonly title: string;
  readonly what: string;
  readonly fix: string;
}

/** A new code asks for its German here. */
const DE: Readonly<Record<ProblemCode, ProblemWords>> = {
  ...REQUEST_PROBLEMS_DE,
  ...BADGE_PROBLEMS_DE,
};

type ProblemWord = `${ProblemCode}.${keyof ProblemWords}`;

function flat(
  problems: Readonly<Record<ProblemCode, ProblemWords>>,
): Readonly<Record<ProblemWord, string>> {
  const words = Object.entries(problems).flatMap(([code, { title, what, fix }]) => [
    [`${code}.title`, title],
    [`${code}.what`, what],
    [`${code}.fix`, fix],
  ]);
  return Object.fromEntries(words);
}

export const PROBLEM_WORDS = area(flat(PROBLEMS), flat(DE));

/** What the pages about problems say around them. */
export const PROBLEM_PAGE_WORDS = area(
  {
    error: "Error {status}",
    title: "{title} ({status})",
    "what-to-do": "What to do",
    "nothing-here":
      "Check the address for a missing or changed character, or begin at the <home>front page</home>.",
    busy: "This site has too much to do just now, and did not get to it.",
    "busy-read": "Wait a few seconds, then load this page again.",
    "busy-sent":
      "Wait a few seconds, then send the form once more: load this page again, or go back to the form. Nothing is lost, and nothing is done twice.",
    wait: "Try again in {minutes, plural, one {a minute} other {# minutes}}.",
    "more-about": "More about this error",
    reference: "Reference: {id}",
    "title-of-type": "{title} ({code})",
    "status-and-code": "Status {status} · {code}",
    "what-happened": "What happened",
    "how-it-looks": "How the answer looks",
    "programs-decide":
      "Programs decide by {code}, which never changes; {detail} is for people and tells of the one case.",
    "all-errors": "All errors",
    "what-they-mean": "What error messages mean",
    "every-refusal":
      "Every refusal names its kind with a code that never changes, and its {type} opens the page of that kind.",
  },
  {
    error: "Fehler {status}",
    title: "{title} ({status})",
    "what-to-do": "Was Sie tun können",
    "nothing-here":
      "Prüfen Sie, ob in der Adresse ein Zeichen fehlt oder verändert ist, oder beginnen Sie auf der <home>Startseite</home>.",
    busy: "Diese Website hat gerade zu viel zu tun und ist nicht dazu gekommen.",
    "busy-read": "Warten Sie einige Sekunden, und laden Sie diese Seite neu.",
    "busy-sent":
      "Warten Sie einige Sekunden, und senden Sie das Formular noch einmal: Laden Sie diese Seite neu, oder gehen Sie zum Formular zurück. Nichts geht verloren, und nichts geschieht doppelt.",
    wait: "Versuchen Sie es in {minutes, plural, one {einer Minute} other {# Minuten}} noch einmal.",
    "more-about": "Mehr über diesen Fehler",
    reference: "Kennung: {id}",
    "title-of-type": "{title} ({code})",
    "status-and-code": "Status {status} · {code}",
    "what-happened": "Was geschehen ist",
    "how-it-looks": "Wie die Antwort aussieht",
    "programs-decide":
      "Programme entscheiden nach {code}, der sich nie ändert; {detail} ist für Menschen und beschreibt den einzelnen Fall.",
    "all-errors": "Alle Fehler",
    "what-they-mean": "Was Fehlermeldungen bedeuten",
    "every-refusal":
      "Jede Ablehnung nennt ihre Art mit einem Code, der sich nie ändert, und ihr {type} öffnet die Seite zu dieser Art.",
  },
);
