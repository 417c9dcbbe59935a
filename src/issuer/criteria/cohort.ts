// Membership of cohorts.
import { factKind } from "./fact.ts";
import { kind } from "./kind.ts";

export const cohort = kind(
  factKind({
    type: "cohort",
    badgeTypes: [1],
    factKind: "cohort",
    prefix: "cohort",
    with: [],
    words: { en: (of) => `is in cohort ${of}`, de: (of) => `Mitglied der Gruppe ${of}` },
  }),
);
