// The keys an organization signs with: which one signs, which are retired, changing and revoking.
import type { Account } from "./account.tsx";
import { deskPage } from "./desk-page.tsx";
import { type Faults, TextField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { surePage } from "./sure-page.tsx";
import { Pager, Table } from "./table.tsx";
import { SIGNING_KEYS } from "./words/signing-keys.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const SIGNING_KEYS_PATH = "/admin/keys";
export const MAX_REASON = 500;

type Say = Speaker<keyof typeof SIGNING_KEYS.en>;

/** Times in milliseconds since 1970. */
export interface ListedSigningKey {
  readonly id: string;
  readonly state: "current" | "retired" | "revoked";
  /** Its public address. */
  readonly url: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly reason: string | null;
}

export type KeyDone = "rotated" | "made" | "revoked";

interface SigningKeysPageProps {
  readonly account: Account;
  readonly keys: readonly ListedSigningKey[];
  readonly first: string | null;
  readonly next: string | null;
  readonly done: KeyDone | null;
}

export function signingKeysPage({ account, keys, first, next, done }: SigningKeysPageProps) {
  const t = speaker(account.language, SIGNING_KEYS);
  return deskPage({
    t,
    account,
    place: SIGNING_KEYS_PATH,
    doors: (
      <p class="doors">
        <a class="btn first" href={`${SIGNING_KEYS_PATH}/rotate`}>
          {keys.length === 0 ? t("make-first") : t("rotate")}
        </a>
      </p>
    ),
    children: (
      <>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <section class="sheet pad table-sheet" aria-labelledby="keys">
          <h2 id="keys">{t("keys")}</h2>
          {keys.length === 0 ? <p class="soft">{t("none")}</p> : <Keys t={t} keys={keys} />}
          <Pager language={account.language} first={first} next={next} />
        </section>
      </>
    ),
  });
}

function Keys({ t, keys }: { readonly t: Say; readonly keys: readonly ListedSigningKey[] }) {
  return (
    <Table<ListedSigningKey>
      caption={t("keys")}
      rows={keys}
      columns={[
        {
          name: t("key"),
          heads: true,
          cell: ({ id, url }) => {
            const code = <code>{id}</code>;
            return url === null ? code : <a href={url}>{code}</a>;
          },
        },
        {
          name: t("state"),
          cell: ({ state, reason }) => (
            <>
              {t(`state-${state}`)}
              {reason === null ? null : (
                <>
                  {": "}
                  <bdi>{reason}</bdi>
                </>
              )}
            </>
          ),
        },
        { name: t("made"), cell: ({ createdAt }) => t.minute(createdAt) },
        {
          name: t("ended"),
          cell: ({ endedAt }) => (endedAt === null ? t("ended-never") : t.minute(endedAt)),
        },
        {
          name: t("deeds"),
          cell: ({ id, state }) =>
            state === "revoked" ? null : (
              <a class="btn" href={`${SIGNING_KEYS_PATH}/${id}/revoke`}>
                {t("revoke")}
                <span class="unseen"> {t("revoke-about", { id })}</span>
              </a>
            ),
        },
      ]}
    />
  );
}

interface RotatePageProps {
  readonly account: Account;
  readonly isFirst: boolean;
}

export function rotateKeyPage({ account, isFirst }: RotatePageProps) {
  const t = speaker(account.language, SIGNING_KEYS);
  return surePage({
    account,
    place: SIGNING_KEYS_PATH,
    title: isFirst ? t("make-first") : t("rotate-title"),
    lead: isFirst ? (
      <p>{t("none")}</p>
    ) : (
      <>
        <p>{t("rotate-lead")}</p>
        <p>
          <strong>{t("rotate-verifies")}</strong>
        </p>
      </>
    ),
    action: `${SIGNING_KEYS_PATH}/rotate`,
    button: isFirst ? t("make-first") : t("rotate"),
    back: { href: SIGNING_KEYS_PATH, words: t("back") },
  });
}

interface RevokePageProps {
  readonly account: Account;
  readonly id: string;
  readonly reason: string;
  readonly faults: Faults;
}

export function revokeSigningKeyPage({ account, id, reason, faults }: RevokePageProps) {
  const t = speaker(account.language, SIGNING_KEYS);
  return surePage({
    account,
    place: SIGNING_KEYS_PATH,
    title: t("revoke-title"),
    lead: (
      <>
        <p>
          <strong>{t("revoke-key", { id })}</strong>
        </p>
        <p>{t("revoke-lead")}</p>
        <p>{t("revoke-hosted")}</p>
      </>
    ),
    action: `${SIGNING_KEYS_PATH}/${id}/revoke`,
    button: t("revoke"),
    back: { href: SIGNING_KEYS_PATH, words: t("back") },
    faults,
    labels: { reason: t("reason") },
    children: (
      <TextField
        name="reason"
        label={t("reason")}
        help={t("reason-help")}
        value={reason}
        maxlength={MAX_REASON}
        faults={faults}
        required
      />
    ),
  });
}
