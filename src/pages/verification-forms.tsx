// What can be done with a result: compare its recipient with a person, and keep a receipt of it.
import type { Verification } from "../verify/result.ts";
import { identityWords } from "./verification-words.ts";
import { VERIFY_PATH } from "./verify-page.tsx";

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

/**
 * Without the script the form sends what is typed, and says so on its button; the script hashes it
 * here instead. What is asked again travels with the form, because nothing of it is kept.
 */
export function Compare(props: CarriedVerification) {
  const recipient = props.verification.badge?.recipient;
  if (!canCompare(props) || !recipient) return null;
  const isEmail = recipient.type === "email";
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={VERIFY_PATH}
      enctype="multipart/form-data"
      aria-labelledby="compare"
      data-identity={recipient.identity}
      data-salt={recipient.salt ?? ""}
    >
      <h2 id="compare">Is it the person you think?</h2>
      <div>
        <label for="recipient">Their {identityWords(recipient.type)}</label>
        <p class="soft small sends" id="recipient-help">
          This sends the address to this server, which compares it and does not keep it.
        </p>
        <p class="soft small stays" hidden>
          It is compared in your browser and sent nowhere.
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
      <input type="hidden" name="input" value={props.again ?? ""} />
      <button class="btn" type="submit">
        Send and compare
      </button>
      <output class="small" />
    </form>
  );
}

/** Asks again and signs what is found then: a receipt is of its own time, and nothing was kept. */
export function Receipt({ again }: { again: string | null }) {
  if (again === null) return null;
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={VERIFY_PATH}
      enctype="multipart/form-data"
      aria-labelledby="receipt"
    >
      <h2 id="receipt">Keep a receipt</h2>
      <p>
        A receipt is a signed and dated statement that this server checked this badge, and what it
        found. It is checked once more for that.
      </p>
      <p class="soft small">
        It does not say who holds the badge, nor what will be true tomorrow. Anyone can check it
        with <a href="/.well-known/jwks.json">this server’s keys</a>.
      </p>
      <input type="hidden" name="input" value={again} />
      <input type="hidden" name="receipt" value="1" />
      <button class="btn" type="submit">
        Save a receipt
      </button>
    </form>
  );
}
