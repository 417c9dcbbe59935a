// One box for any badge: a link, a file or a paste.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { layout } from "./layout.tsx";
import { speaker } from "./words/speak.tsx";
import { VERIFICATION_WORDS } from "./words/verification.ts";

export const VERIFY_PATH = "/verify";

/** Of every page and form that verifies. */
export interface VerifyPlace {
  readonly language: Language;
  /** Where forms go: with the language in the address, where the page's own address names one. */
  readonly action: string;
}

export interface VerifyPageProps extends VerifyPlace {
  /** What was wrong with what was sent, and what to do; null at first. */
  readonly fault: { readonly title: string; readonly detail: Child; readonly fix: Child } | null;
  /** What stands in the box already. */
  readonly input: string;
}

export function verifyPage({ fault, input, language, action }: VerifyPageProps) {
  const t = speaker(language, VERIFICATION_WORDS);
  return layout({
    title: fault === null ? t("verify-a-badge") : t("title-fault", { fault: fault.title }),
    language,
    noindex: fault !== null || input !== "",
    head: <meta name="description" content={t("summary")} />,
    children: (
      <>
        <div class="intro">
          <h1>{t("verify-a-badge")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        {fault === null ? null : (
          <div class="sheet fault" role="alert" tabindex={-1} autofocus>
            <div class="pad">
              <h2>{fault.detail}</h2>
              <p>{fault.fix}</p>
            </div>
          </div>
        )}
        <VerifyForm input={input} language={language} action={action} />
        <p class="soft small">{t("any-issuer")}</p>
      </>
    ),
  });
}

export function VerifyForm({
  input = "",
  language,
  action,
}: VerifyPlace & { readonly input?: string }) {
  const t = speaker(language, VERIFICATION_WORDS);
  return (
    <form
      class="sheet pad form"
      method="post"
      action={action}
      enctype="multipart/form-data"
      aria-label={t("verify-a-badge")}
    >
      <div>
        <label for="input">{t("link-or-text")}</label>
        <p class="soft small" id="input-help">
          {t("link-help")}
        </p>
        <textarea
          id="input"
          name="input"
          rows={3}
          aria-describedby="input-help"
          autocapitalize="off"
          autocomplete="off"
          spellcheck={false}
        >
          {input}
        </textarea>
      </div>
      <div>
        <label for="file">{t("or-file")}</label>
        <p class="soft small" id="file-help">
          {t("file-help")}
        </p>
        <input
          type="file"
          id="file"
          name="file"
          accept=".png,.svg,.json,.jws,.jwt,.txt,image/*,application/json"
          aria-describedby="file-help"
        />
      </div>
      <button class="btn first" type="submit">
        {t("verify")}
      </button>
    </form>
  );
}
