// The completion of modules of a course, such as a quiz.
import { factKind } from "./fact.ts";
import { kind } from "./kind.ts";

export const activity = kind(
  factKind({
    type: "activity",
    badgeTypes: [2],
    factKind: "activity",
    prefix: "module",
    with: ["bydate"],
    words: { en: (of) => `completed module ${of}`, de: (of) => `Modul ${of} abgeschlossen` },
  }),
);
