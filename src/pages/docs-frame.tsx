// The frame of the API's documentation: it speaks the reader's language, what stands in it English.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { layout } from "./layout.tsx";
import { SHELL } from "./words/shell.ts";
import { speaker } from "./words/speak.tsx";

export interface DocsPageProps {
  readonly language: Language;
  readonly children: Child;
}

export function docsPage({ language, children }: DocsPageProps) {
  const t = speaker(language, SHELL);
  return layout({
    title: t("api-docs"),
    language,
    children: (
      <>
        {language === "en" ? null : <p class="soft english-only">{t("english-only")}</p>}
        <div lang="en">{children}</div>
      </>
    ),
  });
}
