// A person's badges from here as they stand with one backpack: each with its state, its reason and a button.
import type { ShelfAward, ShelfFilter } from "../db/backpack-shelf.ts";
import type { Language } from "../language.ts";
import type { Urls } from "../urls.ts";
import { type Account, Press } from "./account.tsx";
import type { ConnectionView } from "./backpack.tsx";
import { backpackPath, type OfferedBackpack } from "./backpack-connect.tsx";
import { type Reason, Why } from "./backpack-reason.tsx";
import { type ConnectionState, DeliveryLabel, type ShelfState } from "./backpack-state.tsx";
import { here } from "./web-address.ts";
import { BACKPACK_WORDS } from "./words/backpack.ts";
import { speaker } from "./words/speak.tsx";

export interface ShelfRow extends ShelfAward {
  /** Null where nothing is wrong. */
  readonly reason: Reason | null;
}

export interface AwardsProps {
  readonly account: Account;
  readonly backpack: OfferedBackpack;
  readonly state: ConnectionState;
  readonly connection: ConnectionView;
  readonly now: number;
  readonly urls: Urls;
}

const FILTERS = [
  null,
  "attention",
  "waiting",
  "sent",
  "unsent",
] as const satisfies readonly (ShelfFilter | null)[];

export function Awards(props: AwardsProps) {
  const { account, backpack, connection } = props;
  const t = speaker(account.language, BACKPACK_WORDS);
  const { rows, filter, older } = connection;
  const path = backpackPath(backpack.id);
  if (!connection.canPush) return null;
  const total = connection.sent + connection.waiting + connection.attention + connection.unsent;
  return (
    <section class="sheet pad result-part" aria-labelledby="awards">
      <h2 id="awards">{t("awards")}</h2>
      {total > rows.length || filter !== null ? (
        <nav class="filters" aria-label={t("which")}>
          {FILTERS.map((name) => (
            <a
              href={`${name === null ? path : `${path}?show=${name}`}#awards`}
              aria-current={name === filter ? "true" : undefined}
            >
              {t(`filter-${name ?? "all"}`)}
            </a>
          ))}
        </nav>
      ) : null}
      {rows.length === 0 ? <p>{t(filter === null ? "no-badges" : "none-so")}</p> : null}
      <ul class="items rows">
        {rows.map((row) => (
          <Row {...props} row={row} />
        ))}
      </ul>
      {older === null ? null : (
        <p>
          <a class="btn" href={older}>
            {t("older")}
          </a>
        </p>
      )}
    </section>
  );
}

function stateOf({ delivery }: ShelfRow): ShelfState {
  return delivery?.state ?? "unsent";
}

function Row({
  row,
  backpack,
  account,
  urls,
  state: connection,
  now,
}: AwardsProps & { readonly row: ShelfRow }) {
  const { award, badge, organization, picture, delivery, reason } = row;
  const t = speaker(account.language, BACKPACK_WORDS);
  const state = stateOf(row);
  const image =
    picture === null ? urls.badgeImage(badge.id) : urls.image(picture.sha256, picture.media_type);
  const isRevoked = award.revoked_at !== null;
  const isOpen = state === "unsent" || state === "parked" || state === "refused";
  return (
    <li>
      <img class="thumb" src={here(image)} width="48" height="48" alt="" loading="lazy" />
      <div>
        <h3 lang={badge.language} dir="auto">
          <a href={here(urls.badgePage(award.unique_hash))}>{badge.name}</a>
        </h3>
        <p class="soft small">
          <span lang={organization.language} dir="auto">
            {badge.issuer_name ?? organization.name}
          </span>
          , {t.day(award.awarded_at)}
          {isRevoked ? t("and-revoked") : null}
        </p>
        {reason === null ? null : <Why reason={reason} language={account.language} />}
        {delivery?.last_answer && reason !== null ? (
          <p class="soft small">
            {t.rich("backpack-said", { said: <bdi>{delivery.last_answer}</bdi> })}
          </p>
        ) : null}
        {state === "unsent" && !award.visible ? <p class="soft small">{t("private")}</p> : null}
        <When row={row} now={now} language={account.language} />
      </div>
      <div class="row-end">
        <DeliveryLabel state={state} language={account.language} />
        {isOpen && connection === "connected" && !isRevoked ? (
          <Press
            action={`${backpackPath(backpack.id)}/send`}
            account={account}
            fields={{ award: award.id }}
            about={badge.name}
          >
            {t(state === "unsent" ? "send" : "try-again")}
          </Press>
        ) : null}
      </div>
    </li>
  );
}

interface WhenProps {
  readonly row: ShelfRow;
  readonly now: number;
  readonly language: Language;
}

function When({ row: { delivery }, now, language }: WhenProps) {
  if (delivery === null) return null;
  const t = speaker(language, BACKPACK_WORDS);
  const { state, delivered_at: sentAt, next_try_at: nextAt, attempts: tries } = delivery;
  if (state === "delivered" && sentAt !== null) {
    return <p class="soft small">{t.rich("sent-at", { at: t.minute(sentAt) })}</p>;
  }
  if ((state !== "pending" && state !== "unknown") || nextAt === null) return null;
  return (
    <p class="soft small">
      {nextAt <= now
        ? t("next-soon", { tries })
        : t.rich("next-at", { at: t.minute(nextAt), tries })}
    </p>
  );
}
