// Why a form about a backpack did nothing, in the reader's language.
import type { DisplayerFault } from "../backpack/displayer-connect.ts";
import type { SiteFault } from "../backpack/site.ts";
import type { Language } from "../language.ts";
import type { FormFault } from "./form-outcome.tsx";
import { BACKPACK_PROBLEMS, type BackpackProblem } from "./words/backpack-problems.ts";
import { BACKPACKS_WORDS } from "./words/backpacks.ts";
import { CONNECT_REASONS } from "./words/connect-reasons.ts";
import { SITE_FAULTS } from "./words/site-faults.ts";
import { speaker } from "./words/speak.tsx";

type OwnReason = Extract<
  DisplayerFault,
  | "backpack-gone"
  | "backpack-disabled"
  | "not-a-displayer"
  | "identity-not-proven"
  | "not-known-there"
>;

/** What was refused of a backpack of the site. */
export type SiteFaultCode = Pick<SiteFault, "reason" | "detail" | "fix">;

export type BackpackFault =
  | { readonly kind: "too-often" | "others-connected" }
  /** Of an address that a backpack was to be found by. */
  | { readonly kind: "show"; readonly reason: OwnReason }
  | { readonly kind: "show-problem"; readonly problem: BackpackProblem }
  | ({ readonly kind: "site" } & SiteFaultCode);

export function backpackFault(fault: BackpackFault | null, language: Language): FormFault | null {
  if (fault === null) return null;
  const t = speaker(language, BACKPACKS_WORDS);
  switch (fault.kind) {
    case "show":
      return { detail: t(fault.reason), fix: t("show-fix") };
    case "show-problem":
      return {
        detail: speaker(language, BACKPACK_PROBLEMS)(fault.problem),
        fix: t("show-fix"),
      };
    case "site":
      return siteFaultWords(fault, language);
    default:
      return { detail: t(fault.kind), fix: t(`${fault.kind}-fix`) };
  }
}

/** In English as it was said of the very backpack; else the sentence of its reason. */
export function siteFaultWords(
  { reason, detail, fix }: SiteFaultCode,
  language: Language,
): FormFault {
  if (language === "en") return { detail, fix };
  if (isOwn(reason)) {
    const t = speaker(language, SITE_FAULTS);
    return { detail: t(reason), fix: t(`${reason}-fix`) };
  }
  const t = speaker(language, CONNECT_REASONS);
  return { detail: t(reason), fix: t(`${reason}-fix`) };
}

type OwnSiteReason = Extract<SiteFault["reason"], keyof typeof SITE_FAULTS.en>;

function isOwn(reason: SiteFault["reason"]): reason is OwnSiteReason {
  return Object.hasOwn(SITE_FAULTS.en, reason);
}
