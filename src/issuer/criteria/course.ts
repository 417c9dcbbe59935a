// The completion of one course, which a badge of a course may ask for.
import { factKind } from "./fact.ts";
import { kind } from "./kind.ts";

export const course = kind(
  factKind({
    type: "course",
    badgeTypes: [2],
    factKind: "course",
    prefix: "course",
    with: ["grade", "bydate"],
    most: 1,
    words: { en: (of) => `completed course ${of}`, de: (of) => `Kurs ${of} abgeschlossen` },
  }),
);
