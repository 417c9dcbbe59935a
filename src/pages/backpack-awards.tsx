// A person's badges from here as they stand with one backpack: each with its state, its reason and a button.
import type { ShelfAward, ShelfFilter } from "../db/backpack-shelf.ts";
import type { Urls } from "../urls.ts";
import { type Account, Press } from "./account.tsx";
import type { ConnectionView } from "./backpack.tsx";
import { backpackPath, type OfferedBackpack } from "./backpack-connect.tsx";
import { type Reason, Why } from "./backpack-reason.tsx";
import { type ConnectionState, DeliveryLabel, type ShelfState } from "./backpack-state.tsx";
import { Day, Minute } from "./time.tsx";
import { here } from "./web-address.ts";

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
  [null, "All"],
  ["attention", "Not accepted"],
  ["waiting", "Waiting"],
  ["sent", "Sent"],
  ["unsent", "Not sent"],
] as const satisfies readonly (readonly [ShelfFilter | null, string])[];

export function Awards(props: AwardsProps) {
  const { backpack, connection } = props;
  const { rows, filter, older } = connection;
  const path = backpackPath(backpack.id);
  if (!connection.canPush) return null;
  const total = connection.sent + connection.waiting + connection.attention + connection.unsent;
  return (
    <section class="sheet pad result-part" aria-labelledby="awards">
      <h2 id="awards">Your badges from here</h2>
      {total > rows.length || filter !== null ? (
        <nav class="filters" aria-label="Which badges">
          {FILTERS.map(([name, words]) => (
            <a
              href={`${name === null ? path : `${path}?show=${name}`}#awards`}
              aria-current={name === filter ? "true" : undefined}
            >
              {words}
            </a>
          ))}
        </nav>
      ) : null}
      {rows.length === 0 ? <NoRows filter={filter} /> : null}
      <ul class="items rows">
        {rows.map((row) => (
          <Row {...props} row={row} />
        ))}
      </ul>
      {older === null ? null : (
        <p>
          <a class="btn" href={older}>
            Older badges
          </a>
        </p>
      )}
    </section>
  );
}

function NoRows({ filter }: { readonly filter: ShelfFilter | null }) {
  return (
    <p>
      {filter === null
        ? "You have no badge from here yet. The first one you earn will be listed here."
        : "None of your badges is in that state."}
    </p>
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
          , <Day at={award.awarded_at} />
          {isRevoked ? ", revoked" : null}
        </p>
        {reason === null ? null : <Why reason={reason} />}
        {delivery?.last_answer && reason !== null ? (
          <p class="soft small">
            The backpack said: “<bdi>{delivery.last_answer}</bdi>”
          </p>
        ) : null}
        {state === "unsent" && !award.visible ? (
          <p class="soft small">You keep it private, so it is sent only if you say so here.</p>
        ) : null}
        <When row={row} now={now} />
      </div>
      <div class="row-end">
        <DeliveryLabel state={state} />
        {isOpen && connection === "connected" && !isRevoked ? (
          <Press
            action={`${backpackPath(backpack.id)}/send`}
            account={account}
            fields={{ award: award.id }}
            about={badge.name}
          >
            {state === "unsent" ? "Send" : "Try again"}
          </Press>
        ) : null}
      </div>
    </li>
  );
}

function When({ row: { delivery }, now }: { readonly row: ShelfRow; readonly now: number }) {
  if (delivery === null) return null;
  const { state, delivered_at: sentAt, next_try_at: nextAt, attempts } = delivery;
  if (state === "delivered" && sentAt !== null) {
    return (
      <p class="soft small">
        Sent <Minute at={sentAt} />
      </p>
    );
  }
  if ((state !== "pending" && state !== "unknown") || nextAt === null) return null;
  return (
    <p class="soft small">
      {nextAt <= now ? (
        "Next try in a moment"
      ) : (
        <>
          Next try <Minute at={nextAt} />
        </>
      )}
      {attempts > 0 ? `, after ${attempts} ${attempts === 1 ? "try" : "tries"}` : null}
    </p>
  );
}
