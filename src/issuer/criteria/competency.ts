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

    words: (key) => `reached competency ${key}`,
  }),
);
