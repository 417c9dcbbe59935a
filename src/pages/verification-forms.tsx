// What can be done with a result: compare its recipient with a person, and keep a receipt of it.
import type { Verification } from "../verify/result.ts";
import type { VerifyPlace } from "./verify-page.tsx";
import { speaker } from "./words/speak.tsx";
import { VERIFICATION_WORDS } from "./words/verification.ts";

/** A result, and what to send to ask the same again, because nothing of it is kept. */
export interface CarriedVerification {
  readonly verification: Verification;
  /** A link, JSON or a JWS; null where it is too long. */
  readonly again: string | null;
}

/** Whether there is a hidden recipient of a form that the script and the verifier know. */
export function canCompare({ verification, again }: CarriedVerification): boolean {
  const recipient = verification.badge?.recipient;
  return again !== null && recipient?.hashed === true && HASH.test(recipient.identity);
}

const HASH = /^(sha256\$[0-9a-f]{64}|md5\$[0-9a-f]{32})$/i;

/** Where the script puts what was typed. */
const TYPED = { typed: "{typed}" };

/**
 * Without the script the form sends what is typed, and says so on its button; the script hashes it
 * here instead, and says so in the words it finds on the form. What is asked again travels with the
 * form, because nothing of it is kept.
 */
export function Compare(props: CarriedVerification & VerifyPlace) {
  const recipient = props.verification.badge?.recipient;
  if (!canCompare(props) || !recipient) return null;
  const t = speaker(props.language, VERIFICATION_WORDS);
  const isEmail = recipient.type === "email";
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={props.action}
      enctype="multipart/form-data"
      aria-labelledby="compare"
      data-identity={recipient.identity}
      data-salt={recipient.salt ?? ""}
      data-compare={t("compare")}
      data-same={t("same", TYPED)}
      data-other={t("other", TYPED)}
    >
      <input type="hidden" name="input" value={props.again ?? ""} />
      <h2 id="compare">{t("person-you-think")}</h2>
      <div>
        <label for="recipient">{t("their-identity", { type: recipient.type })}</label>
        <p class="soft small sends" id="recipient-help">
          {t("sends")}
        </p>
        <p class="soft small stays" hidden>
          {t("stays")}
        </p>
        <input
          type={isEmail ? "email" : "text"}
          id="recipient"
          name="recipient"
          required
          maxlength={2048}
          autocomplete="off"
          aria-describedby="recipient-help"
        />
      </div>
      <button class="btn" type="submit">
        {t("send-and-compare")}
      </button>
      <output class="small" />
    </form>
  );
}

/** Asks again and signs what is found then: a receipt is of its own time, and nothing was kept. */
export function Receipt({ again, language, action }: VerifyPlace & { again: string | null }) {
  if (again === null) return null;
  const t = speaker(language, VERIFICATION_WORDS);
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={action}
      enctype="multipart/form-data"
      aria-labelledby="receipt"
    >
      <input type="hidden" name="input" value={again} />
      <input type="hidden" name="receipt" value="1" />
      <h2 id="receipt">{t("keep-receipt")}</h2>
      <p>{t("receipt-is")}</p>
      <p class="soft small">
        {t.rich("receipt-is-not", {
          keys: (inside) => <a href="/.well-known/jwks.json">{inside}</a>,
        })}
      </p>
      <button class="btn" type="submit">
        {t("save-receipt")}
      </button>
    </form>
  );
}
