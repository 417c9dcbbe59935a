// What awarding will come to, before it is done: the mail and the badge's page, or why nothing will be.
import type { Child } from "hono/jsx";
import type { PictureRef } from "../db/badge-page.ts";
import type { Badge } from "../db/badges.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import type { AwardValues } from "./award-form.tsx";
import { HiddenSign } from "./icons.tsx";
import { Markdown } from "./markdown.tsx";
import { here } from "./web-address.ts";
import { AWARD } from "./words/award.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

type Speaks = Speaker<keyof typeof AWARD.en>;

/** A piece of evidence: an address, or words, or both. */
export interface EvidenceLine {
  readonly id?: string;
  readonly name?: string;
  readonly narrative?: string;
}

export interface AwardPreviewProps {
  readonly account: Account;
  readonly badge: Badge;
  readonly picture: PictureRef | null;
  readonly urls: Urls;
  readonly organizationName: string;
  /** The person's name, or address. */
  readonly person: string;
  /** As the badge's page names them; null where it names nobody. */
  readonly publicName: string | null;
  readonly isNew: boolean;
  /** Awards of the badge they hold. */
  readonly held: number;
  /** Why nothing would be awarded, with the page of what they hold. */
  readonly skip: { readonly isTier: boolean; readonly page: string } | null;
  readonly mail: {
    readonly subject: string;
    readonly text: string;
    readonly language: string;
  } | null;
  readonly canMail: boolean;
  readonly evidence: readonly EvidenceLine[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly expiresAt: number | null;
  readonly values: AwardValues;
}

export function awardPreviewPage(props: AwardPreviewProps) {
  const { account, badge, person, skip } = props;
  const t = speaker(account.language, AWARD);
  const title = t("preview-title", { badge: badge.name, person });
  return accountPage({
    title,
    account,
    place: "/award",
    children: (
      <>
        <div class="intro">
          <h1 dir="auto">{title}</h1>
          <p class="lead">{t("preview-lead")}</p>
        </div>
        {skip === null ? (
          <Will {...props} t={t} />
        ) : (
          <div class="sheet expired">
            <div class="verdict">
              <HiddenSign />
              <p>
                <strong dir="auto">
                  {skip.isTier
                    ? t("skip-tier", { person })
                    : t("skip-limit", { person, max: badge.max_awards_per_user ?? 1 })}
                </strong>
                <br />
                {t("skip-why")}
              </p>
            </div>
            <p class="pad">
              <a href={here(skip.page)}>{t("skip-see")}</a>
            </p>
          </div>
        )}
        <div class="controls apart">
          {skip === null ? <Again {...props} step="do" first words={t("do-award")} /> : null}
          <Again {...props} step="edit" words={t("change")} />
        </div>
      </>
    ),
  });
}

interface Spoken extends AwardPreviewProps {
  readonly t: Speaks;
}

function Will(props: Spoken) {
  const { t, badge, person, isNew, held } = props;
  const max = badge.max_awards_per_user ?? 0;
  return (
    <>
      <p class="sheet done" dir="auto">
        {isNew
          ? t("will-new", { person })
          : held === 0
            ? t("will-first", { person })
            : t("will-more", { person, ordinal: held + 1, max })}
      </p>
      <div class="previews">
        <Mail {...props} />
        <BadgePage {...props} />
      </div>
    </>
  );
}

function Mail({ t, mail, canMail }: Spoken) {
  return (
    <section class="sheet pad stack" aria-labelledby="mail">
      <h2 id="mail">{t("mail-title")}</h2>
      {mail === null ? (
        <p>{t("mail-none")}</p>
      ) : (
        <>
          {canMail ? null : <p>{t("mail-off")}</p>}
          <p>
            <span class="soft">{t("mail-subject")}: </span>
            <b lang={mail.language} dir="auto">
              {mail.subject}
            </b>
          </p>
          <div class="letter" lang={mail.language} dir="auto">
            {mail.text}
          </div>
          <p class="soft small">{t("mail-link")}</p>
        </>
      )}
    </section>
  );
}

function BadgePage(props: Spoken) {
  const { t, badge, picture, urls, publicName, organizationName, now, expiresAt } = props;
  const src =
    picture === null ? urls.badgeImage(badge.id) : urls.image(picture.sha256, picture.media_type);
  return (
    <section class="sheet pad stack" aria-labelledby="page">
      <h2 id="page">{t("page-title")}</h2>
      <div class="small-award">
        <img class="thumb-art" src={here(src)} width="144" height="144" alt="" />
        <div class="stack">
          <h3 lang={badge.language} dir="auto">
            {badge.name}
          </h3>
          <p>
            {t.rich(publicName === null ? "page-by" : "page-to", {
              person: <bdi>{publicName}</bdi>,
              b: (inside) => <b>{inside}</b>,
              organization: <bdi>{organizationName}</bdi>,
              day: t.day(now),
            })}
          </p>
          {publicName === null ? <p class="soft small">{t("page-nameless")}</p> : null}
          {expiresAt === null ? null : <p>{t.rich("page-expires", { day: t.day(expiresAt) })}</p>}
        </div>
      </div>
      <Work {...props} />
    </section>
  );
}

function Work({ t, badge, values, evidence }: Spoken): Child {
  return (
    <>
      {values.note === "" ? null : (
        <div>
          <h3>{t("note")}</h3>
          <Markdown text={values.note} language={badge.language} />
        </div>
      )}
      {evidence.length === 0 ? null : (
        <div>
          <h3>{t("evidence")}</h3>
          <ul class="plain-list" dir="auto">
            {evidence.map(({ id, name, narrative }) => (
              <li>
                {id === undefined ? (
                  narrative
                ) : (
                  <a href={id} rel="noopener nofollow">
                    {name ?? id}
                  </a>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

interface AgainProps extends AwardPreviewProps {
  readonly step: "do" | "edit";
  readonly words: string;
  readonly first?: boolean;
}

/** What was typed goes along, so that nothing needs to be kept here. */
function Again({ account, values, step, words, first = false }: AgainProps) {
  const { mode, person, user, name, badge, expires, evidence, note } = values;
  const fields = { mode, person, user, name, badge, expires, evidence, note, step };
  return (
    <form class="press" method="post" action="/award">
      <FormToken account={account} />
      {Object.entries(fields).map(([field, value]) => (
        <input type="hidden" name={field} value={value} />
      ))}
      <button class={first ? "btn first" : "btn"} type="submit">
        {words}
      </button>
    </form>
  );
}
