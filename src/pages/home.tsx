// The front door: what this installation is, and where to go first.
import type { ShowcaseRow } from "../db/badge-page.ts";
import type { Language } from "../language.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import { layout } from "./layout.tsx";
import { BadgePicture } from "./picture.tsx";
import { VerdictLabel } from "./verdict.tsx";
import { here } from "./web-address.ts";
import { HOME_WORDS } from "./words/home.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

type HomeSpeaker = Speaker<keyof typeof HOME_WORDS.en & string>;

export interface HomePageProps {
  readonly urls: Urls;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Awards of the demo to look at; empty where there is no demo. */
  readonly showcase: readonly ShowcaseRow[];
  /** Whether no organization exists yet. */
  readonly isEmpty: boolean;
  /** Whether the public address means this machine or network only. */
  readonly isLocal: boolean;
  /** Whether the footer leads to the demo's examples. */
  readonly isDemo: boolean;
  readonly language: Language;
}

export function homePage(props: HomePageProps) {
  const { urls, isEmpty, isLocal, language } = props;
  const t = speaker(language, HOME_WORDS);
  return layout({
    title: t("title"),
    language,
    isDemo: props.isDemo,
    head: (
      <>
        <meta name="description" content={t("summary")} />
        <link rel="canonical" href={urls.home} />
      </>
    ),
    children: (
      <>
        <div class="intro">
          <h1>{t("heading")}</h1>
          <p class="lead">{t("lead")}</p>
          {isLocal ? (
            <p class="lead soft">{t.rich("local", { address: <code>{urls.base}</code> })}</p>
          ) : null}
        </div>
        <section class="band" aria-labelledby="verify">
          <h2 id="verify">{t("shown")}</h2>
          <p>{t.rich("shown-verify", { verify: (inside) => <a href="/verify">{inside}</a> })}</p>
        </section>
        <section class="band" aria-labelledby="yours">
          <h2 id="yours">{t("earned")}</h2>
          <p>
            {t.rich("earned-sign-in", { enter: (inside) => <a href="/me/backpacks">{inside}</a> })}
          </p>
        </section>
        {props.showcase.length > 0 ? <Showcase {...props} t={t} /> : null}
        {isEmpty ? <FirstSteps t={t} /> : null}
        <section class="band" aria-labelledby="programs">
          <h2 id="programs">{t("programs")}</h2>
          <ul class="plain-list">
            <li>{t.rich("programs-docs", { docs: (inside) => <a href="/docs">{inside}</a> })}</li>
            <li>
              {t.rich("programs-openapi", {
                openapi: (inside) => <a href="/openapi.json">{inside}</a>,
              })}
            </li>
            <li>
              {t.rich("programs-problems", {
                problems: (inside) => <a href="/problems">{inside}</a>,
              })}
            </li>
          </ul>
        </section>
      </>
    ),
  });
}

function Showcase({ showcase, now, urls, language, t }: HomePageProps & { t: HomeSpeaker }) {
  return (
    <section class="band" aria-labelledby="demo">
      <h2 id="demo">{t("demo")}</h2>
      <ul class="cards">
        {showcase.map(({ award, badge, picture }) => (
          <li class={award.revoked_at === null ? "sheet card" : "sheet card faded"}>
            <BadgePicture picture={picture} badge={badge} urls={urls} language={language} />
            <VerdictLabel verdict={standingOf(award, now)} language={language} />
            <h3>
              <a href={here(urls.badgePage(award.unique_hash))} lang={badge.language} dir="auto">
                {badge.name}
              </a>
            </h3>
            {award.recipient_name && award.revoked_at === null ? (
              <p class="soft small">
                <bdi>{award.recipient_name}</bdi>
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function FirstSteps({ t }: { t: HomeSpeaker }) {
  return (
    <section class="band" aria-labelledby="first">
      <h2 id="first">{t("nothing-yet")}</h2>
      <ol class="steps plain-list">
        <li>
          {t("set-up")}
          <pre tabindex={0}>npx rosette setup</pre>
        </li>
        <li>
          {t("make-key")}
          <pre tabindex={0}>npx rosette keys create --site --name setup</pre>
        </li>
        <li>{t.rich("make-badge", { docs: (inside) => <a href="/docs">{inside}</a> })}</li>
        <li>{t("send-link")}</li>
      </ol>
    </section>
  );
}
