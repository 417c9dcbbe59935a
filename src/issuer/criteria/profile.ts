// Fields of the person's profile that are filled in.
import { factKind } from "./fact.ts";
import { kind } from "./kind.ts";

export const profile = kind(
  factKind({
    type: "profile",
    badgeTypes: [1],
    factKind: "profile",
    prefix: "field",
    with: [],
    words: { en: (of) => `filled in ${of}`, de: (of) => `Profilfeld ${of} ausgefüllt` },
  }),
);
