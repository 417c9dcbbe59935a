// One nomination: what was said for it, and the decision.
import type { NamedNomination } from "../db/nomination-desk.ts";
import { linkable } from "../linkable.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { AreaField, type Faults, FormErrors, SelectField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { Markdown } from "./markdown.tsx";
import { NOMINATIONS_PATH, type NominationSpeaker, nominatorOf } from "./nominations.tsx";
import { here } from "./web-address.ts";
import { NOMINATIONS } from "./words/nominations.ts";
import { speaker } from "./words/speak.tsx";

/** Why who looks at it decides nothing here; null where they may. */
export type Barred = "own-made" | "own-nominee" | "not-yours" | null;

export interface NominationProps {
  readonly account: Account;
  readonly named: NamedNomination;
  readonly tiers: readonly { readonly level: number; readonly name: string | null }[];
  readonly barred: Barred;
  readonly mayWithdraw: boolean;
  /** Of the award it led to; null while there is none. */
  readonly awardPage: string | null;
  readonly criteriaPage: string;
  readonly faults: Faults;
  readonly values: { readonly note: string; readonly tier: string };
  readonly notice: string | null;
}

const MAX_NOTE_LENGTH = 2_000;

interface Spoken extends NominationProps {
  readonly t: NominationSpeaker;
}

export function nominationPage(props: NominationProps) {
  const { account, named, faults, notice, criteriaPage } = props;
  const t = speaker(account.language, NOMINATIONS);
  const { nomination, badgeName, badgeLanguage, nomineeName } = named;
  const title = t("one-title", { person: nomineeName ?? t("somebody"), badge: badgeName });
  return accountPage({
    title,
    account,
    place: NOMINATIONS_PATH,
    children: (
      <>
        <div class="intro">
          <h1 dir="auto">{title}</h1>
          <p class="lead">
            {t.rich("one-by", {
              who: <bdi>{nominatorOf(named, t)}</bdi>,
              day: t.day(nomination.created_at),
            })}
          </p>
        </div>
        <Done words={notice} />
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{ note: t("note"), tier: t("tier"), person: t("col-person"), badge: t("badge") }}
        />
        <div class="sheet pad narrow stack">
          <h2>{t("reason")}</h2>
          <Markdown text={nomination.reason} language={badgeLanguage} />
          <Evidence named={named} t={t} />
          <p>
            <a href={here(criteriaPage)}>{t("see-badge")}</a>
          </p>
        </div>
        {nomination.state === "pending" ? (
          <Deciding {...props} t={t} />
        ) : (
          <Decided {...props} t={t} />
        )}
      </>
    ),
  });
}

function Evidence({ named, t }: Pick<Spoken, "named" | "t">) {
  const evidence = named.nomination.evidence ?? [];
  if (evidence.length === 0) return null;
  return (
    <>
      <h2>{t("evidence")}</h2>
      <ul class="plain-list">
        {evidence.map(({ id, name, description, narrative }) => (
          <li dir="auto">
            {id === undefined ? null : linkable(id) === null ? (
              id
            ) : (
              <a href={id} rel="noopener nofollow">
                {name ?? id}
              </a>
            )}
            {[description, narrative].map((text) => (text === undefined ? null : <p>{text}</p>))}
          </li>
        ))}
      </ul>
    </>
  );
}

function Decided({ t, named, awardPage }: Spoken) {
  const { nomination, deciderName } = named;
  const { state, decided_at, decided_by_id, decision_note } = nomination;
  const who = decided_by_id === null ? t("organization") : (deciderName ?? t("somebody"));
  return (
    <section class="sheet pad narrow stack result-part" aria-labelledby="decision">
      <h2 id="decision">{t("decision")}</h2>
      <p>
        {t.rich("decided-by", {
          state,
          who: <bdi>{who}</bdi>,
          day: t.day(decided_at ?? nomination.updated_at),
        })}
      </p>
      {decision_note === null ? null : (
        <div>
          <h3>{t("decided-note")}</h3>
          <p dir="auto">{decision_note}</p>
        </div>
      )}
      {awardPage === null ? null : (
        <p>
          <a href={here(awardPage)}>{t("see-award")}</a>
        </p>
      )}
    </section>
  );
}

function Deciding(props: Spoken) {
  const { t, account, named, tiers, barred, mayWithdraw, faults, values } = props;
  const path = `${NOMINATIONS_PATH}/${named.nomination.id}`;
  return (
    <>
      <section class="sheet pad narrow result-part" aria-labelledby="decide">
        <h2 id="decide">{t("decide")}</h2>
        {barred !== null ? (
          <p>{t(barred)}</p>
        ) : (
          <form class="form plain-form" method="post" action={path}>
            <FormToken account={account} />
            <p class="soft small">{t("decide-help")}</p>
            {tiers.length === 0 ? null : (
              <SelectField
                name="tier"
                label={t("tier")}
                faults={faults}
                value={values.tier}
                options={tiers.map(({ level, name }) => ({
                  value: String(level),
                  label: name ?? String(level),
                }))}
              />
            )}
            <AreaField
              name="note"
              label={t("note")}
              help={t("note-help")}
              rows={3}
              maxlength={MAX_NOTE_LENGTH}
              faults={faults}
              value={values.note}
            />
            <div class="controls">
              <button class="btn first" type="submit" name="deed" value="approve">
                {t("approve")}
              </button>
              <button class="btn" type="submit" name="deed" value="decline">
                {t("decline")}
              </button>
            </div>
          </form>
        )}
      </section>
      {mayWithdraw ? (
        <form class="form sheet pad narrow result-part" method="post" action={path}>
          <FormToken account={account} />
          <p>{t("withdraw-help")}</p>
          <button class="btn" type="submit" name="deed" value="withdraw">
            {t("withdraw")}
          </button>
        </form>
      ) : null}
    </>
  );
}
