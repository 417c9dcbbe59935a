// On the way to a backpack and back: where the browser goes next, or why it goes no further.
import type { Language } from "../language.ts";
import type { ConnectReason, Who } from "../oauth/words.ts";
import { BACKPACKS_PATH, backpackPath } from "./backpack-connect.tsx";
import { layout } from "./layout.tsx";
import { hostOf } from "./web-address.ts";
import { CONNECT_REASONS } from "./words/connect-reasons.ts";
import { CONNECTING_WORDS } from "./words/connecting.ts";
import { speaker } from "./words/speak.tsx";

export interface LeavingPageProps {
  readonly language: Language;
  /** The authorization endpoint with the request. */
  readonly url: string;
  /** The backpack's own site, where people consent at another one than that; else null. */
  readonly elsewhere: string | null;
}

/** Leads on by itself unless it is to another site; the link is for browsers that do not follow. */
export function leavingPage({ language, url, elsewhere }: LeavingPageProps) {
  const t = speaker(language, CONNECTING_WORDS);
  const host = <bdi>{hostOf(url)}</bdi>;
  return layout({
    title: t("on-to", { host: hostOf(url) }),
    language,
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <h1>{t.rich("on-to", { host })}</h1>
          {elsewhere === null ? (
            <p>{t("asked-there")}</p>
          ) : (
            <p>{t.rich("elsewhere", { site: <bdi>{hostOf(elsewhere)}</bdi>, host })}</p>
          )}
          <p>
            <a class="btn" href={url} rel="noreferrer">
              <span>{t.rich("go-to", { host })}</span>
            </a>
          </p>
        </div>
      </div>
    ),
  });
}

export interface RefusedPageProps {
  readonly language: Language;
  readonly reason: ConnectReason;
  readonly who: Who;
  /** What happened this time, in English; in other languages the reason says it. */
  readonly detail: string;
  /** Null where nobody is signed in, or there is no such backpack. */
  readonly backpackId: string | null;
  readonly signedIn: boolean;
}

export function refusedPage(props: RefusedPageProps) {
  const { language, reason, who, detail, backpackId, signedIn } = props;
  const t = speaker(language, CONNECTING_WORDS);
  const why = speaker(language, CONNECT_REASONS);
  return layout({
    title: why(reason),
    language,
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <p class="kind">{t("not-connected")}</p>
          <h1>{why(reason)}</h1>
          {language === "en" ? <p dir="auto">{detail}</p> : null}
          <h2>{t("what-to-do")}</h2>
          <p>{why(`${reason}-fix`)}</p>
          <p>{t(`who-${who}`)}</p>
          <p>
            {signedIn ? (
              <a class="btn" href={backpackId === null ? BACKPACKS_PATH : backpackPath(backpackId)}>
                {t(backpackId === null ? "your-backpacks" : "back")}
              </a>
            ) : (
              <a class="btn" href={`/login?next=${encodeURIComponent(BACKPACKS_PATH)}`}>
                {t("sign-in")}
              </a>
            )}
          </p>
          <p class="soft small">{t.rich("reason", { code: <code>{reason}</code> })}</p>
        </div>
      </div>
    ),
  });
}
