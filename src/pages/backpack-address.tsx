// The field for a backpack's address, wherever one is added.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { BACKPACKS_WORDS } from "./words/backpacks.ts";
import { speaker } from "./words/speak.tsx";

interface AddressFieldProps {
  readonly language: Language;
  /** What stands in it already. */
  readonly address: string;
  /** What happens with the address, after an example of one. */
  readonly children: Child;
}

export function AddressField({ language, address, children }: AddressFieldProps) {
  const t = speaker(language, BACKPACKS_WORDS);
  return (
    <div>
      <label for="address">{t("address")}</label>
      <p class="soft small" id="address-help">
        {t.rich("address-help", { what: children })}
      </p>
      <input
        type="text"
        inputmode="url"
        id="address"
        name="address"
        required
        maxlength={2048}
        value={address}
        autocapitalize="off"
        autocomplete="url"
        spellcheck={false}
        aria-describedby="address-help"
      />
    </div>
  );
}
