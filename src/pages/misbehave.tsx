// The demo backpack's own page: how it is to misbehave, and what was asked of it last.
import type { Language } from "../language.ts";
import type { Deed, Fault, Place } from "../simulator/faults.ts";
import type { Mischief, Seen } from "../simulator/misbehaviour.ts";
import { Done } from "./form-outcome.tsx";
import { layout } from "./layout.tsx";
import { MISBEHAVE_WORDS } from "./words/dev.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const MISBEHAVE_PATH = "/dev/backpack";

export interface MisbehavePageProps {
  readonly language: Language;
  readonly faults: readonly Fault[];
  readonly places: readonly Place[];
  readonly deeds: readonly Deed[];
  readonly mischief: Mischief | null;
  readonly seen: readonly Seen[];
  /** What was just done; null when the page was only opened. */
  readonly done: Deed | "set" | null;
}

type Spoken = MisbehavePageProps & { readonly t: Speaker<keyof typeof MISBEHAVE_WORDS.en> };

export function misbehavePage(props: MisbehavePageProps) {
  const { language, mischief, deeds, done } = props;
  const t = speaker(language, MISBEHAVE_WORDS);
  return layout({
    title: t("title"),
    language,
    noindex: true,
    children: (
      <>
        <div class="intro">
          <h1>{t("heading")}</h1>
          <p class="lead">{t("lead")}</p>
          <p class="lead">
            {t.rich("noor", {
              link: (inside) => <a href="/dev/as/noor?next=/me/apps">{inside}</a>,
            })}
          </p>
        </div>
        <Done words={done === null ? null : doneWords({ ...props, t }, done)} />
        <section class="band" aria-labelledby="now">
          <h2 id="now">{t(mischief === null ? "well" : "badly")}</h2>
          {mischief === null ? null : (
            <p>
              {t("mischief", {
                faults: mischief.faults.map((fault) => t(`fault-${fault}`)).join("; "),
                place: t(`place-${mischief.place}`),
                often: often({ ...props, t }, mischief),
              })}
            </p>
          )}
          <MischiefForm {...props} t={t} />
        </section>
        <section class="band" aria-labelledby="once">
          <h2 id="once">{t("once")}</h2>
          <form class="sheet pad form" method="post" action={MISBEHAVE_PATH}>
            <div class="controls">
              {deeds.map((deed) => (
                <button class="btn" type="submit" name="deed" value={deed}>
                  {t(`deed-${deed}`)}
                </button>
              ))}
            </div>
          </form>
        </section>
        <section class="band" aria-labelledby="seen">
          <h2 id="seen">{t("seen")}</h2>
          {props.seen.length === 0 ? <p>{t("seen-none")}</p> : <SeenList {...props} t={t} />}
        </section>
      </>
    ),
  });
}

function doneWords({ t }: Spoken, done: Deed | "set"): string {
  return done === "set" ? t("done-set") : t("done-deed", { deed: t(`deed-${done}`) });
}

function often({ t }: Spoken, { share, times }: Mischief): string {
  if (times === 1) return t("often-next");
  return share === 1 ? t("often-always") : t("often-share", { count: Math.round(share * 10) });
}

function MischiefForm({ t, faults, places, mischief }: Spoken) {
  return (
    <form class="sheet pad form" method="post" action={MISBEHAVE_PATH}>
      <div>
        <label for="fault">{t("what")}</label>
        <select id="fault" name="fault">
          <option value="">{t("what-nothing")}</option>
          {faults.map((fault) => (
            <option value={fault} selected={mischief?.faults[0] === fault}>
              {t(`fault-${fault}`)}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="place">{t("where")}</label>
        <select id="place" name="place">
          {places.map((place) => (
            <option value={place} selected={mischief?.place === place}>
              {t(`place-${place}`)}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="often">{t("how-often")}</label>
        <select id="often" name="often">
          <option value="always">{t("always")}</option>
          <option value="once">{t("next")}</option>
          <option value="sometimes">{t("sometimes")}</option>
        </select>
      </div>
      <button class="btn first" type="submit">
        {t("go")}
      </button>
    </form>
  );
}

function SeenList({ t, seen }: Spoken) {
  return (
    <ul class="items">
      {seen.map(({ at, method, path, status, fault }) => (
        <li>
          <p>
            <code>
              {method} {path}
            </code>
          </p>
          <p class="soft small">
            {t.minute(at)} · {status ?? t("no-answer")}
            {fault === null ? "" : ` · ${t(`fault-${fault}`)}`}
          </p>
        </li>
      ))}
    </ul>
  );
}
