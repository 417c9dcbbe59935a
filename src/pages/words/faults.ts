// What the rules of the API say on a form: a sentence for each code, in every language but English, where the API says it.
import { area } from "./speak.tsx";

/** The English stands here for translators; a page in English shows what the API said of the very value. */
export const FAULT_WORDS = area(
  {
    name_non_empty_and_bounded: "Give a name that is not too long.",
    name_unique_per_organization: "Another badge has this name. Choose another one.",
  },
  {
    name_non_empty_and_bounded: "Geben Sie einen Namen an, der nicht zu lang ist.",
    name_unique_per_organization:
      "Ein anderes Badge heißt schon so. Wählen Sie einen anderen Namen.",
  },
);

export type FaultCode = keyof typeof FAULT_WORDS.en;
