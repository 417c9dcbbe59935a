// Competencies that were reached.
import { factKind } from "./fact.ts";
import { kind } from "./kind.ts";

export const competency = kind(
  factKind({
    type: "competency",
    badgeTypes: [1, 2],
    factKind: "competency",
    prefix: "competency",
    with: [],
    words: { en: (of) => `reached competency ${of}`, de: (of) => `Kompetenz ${of} erreicht` },
  }),
);
