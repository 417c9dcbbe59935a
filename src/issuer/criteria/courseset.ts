// The completion of courses, which a badge of the site may ask for.
import { factKind } from "./fact.ts";
import { kind } from "./kind.ts";

export const courseSet = kind(
  factKind({
    type: "courseset",
    badgeTypes: [1],
    factKind: "course",
    prefix: "course",
    with: ["grade", "bydate"],
    words: { en: (of) => `completed course ${of}`, de: (of) => `Kurs ${of} abgeschlossen` },
  }),
);
