// One box for any badge: a link, a file or a paste.
import { layout } from "./layout.tsx";

export const VERIFY_PATH = "/verify";

export interface VerifyPageProps {
  /** What was wrong with what was sent, and what to do; null at first. */
  readonly fault: { readonly detail: string; readonly fix: string } | null;
  /** What stands in the box already. */
  readonly input: string;
}

export function verifyPage({ fault, input }: VerifyPageProps) {
  return layout({
    title: fault === null ? "Verify a badge" : `Not checked: ${fault.detail}`,
    noindex: fault !== null || input !== "",
    head: (
      <meta
        name="description"
        content="Check an Open Badge: give its link, its file or its text, and see whether it is valid, expired or revoked."
      />
    ),
    children: (
      <>
        <div class="intro">
          <h1>Verify a badge</h1>
          <p class="lead">
            Give a badge that somebody showed you. You learn whether it is genuine, who issued it,
            and whether it still stands.
          </p>
        </div>
        {fault === null ? null : (
          <div class="sheet fault" role="alert" tabindex={-1} autofocus>
            <div class="pad">
              <h2>{fault.detail}</h2>
              <p>{fault.fix}</p>
            </div>
          </div>
        )}
        <VerifyForm input={input} />
        <p class="soft small">
          Any issuer’s Open Badges 2.0, 1.1 and 1.0, hosted or signed. What you give is looked at
          once and not kept.
        </p>
      </>
    ),
  });
}

export function VerifyForm({ input = "" }: { readonly input?: string }) {
  return (
    <form
      class="sheet pad form"
      method="post"
      action={VERIFY_PATH}
      enctype="multipart/form-data"
      aria-label="Verify a badge"
    >
      <div>
        <label for="input">Link to the badge, or its text</label>
        <p class="soft small" id="input-help">
          An address that begins with https://, or JSON, or a signed badge’s text.
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
        <label for="file">Or the badge’s file</label>
        <p class="soft small" id="file-help">
          PNG, SVG or JSON, as it was downloaded. A screenshot is only a picture.
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
        Verify
      </button>
    </form>
  );
}
