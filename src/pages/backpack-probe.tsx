// What works at a backpack, as it was tried out last: each check with its outcome, in the reader's language.
import type { Probe, ProbeCheck, Said, Works } from "../backpack/probe.ts";
import type { Language } from "../language.ts";
import { type Account, Press } from "./account.tsx";
import { adminBackpackPath } from "./backpack-admin.tsx";
import { StateLabel } from "./backpack-state.tsx";
import { ExpiredSign, RevokedSign, UnknownSign, ValidSign } from "./icons.tsx";
import { BACKPACK_ADMIN_WORDS } from "./words/backpack-admin.ts";
import { CONNECT_REASONS } from "./words/connect-reasons.ts";
import { PROBE_WORDS } from "./words/probe.ts";
import { speaker } from "./words/speak.tsx";

const OUTCOMES = {
  passed: { tone: "valid", sign: ValidSign },
  failed: { tone: "revoked", sign: RevokedSign },
  warned: { tone: "expired", sign: ExpiredSign },
  "not-possible": { tone: "hidden", sign: UnknownSign },
} as const;

const WORKS = ["connect", "send", "read", "stayConnected", "revoke"] as const;

interface TriedProps {
  readonly account: Account;
  readonly backpack: { readonly id: string };
  /** Null where it was never probed. */
  readonly probe: Probe | null;
}

export function Tried({ account, backpack, probe }: TriedProps) {
  const { language } = account;
  const t = speaker(language, BACKPACK_ADMIN_WORDS);
  return (
    <section class="sheet pad result-part" aria-labelledby="probe">
      <h2 id="probe">{t("what-works")}</h2>
      {probe === null ? (
        <p>{t("not-tried")}</p>
      ) : (
        <>
          <dl class="facts">
            {WORKS.map((name) => (
              <>
                <dt>{t(`works-${name}`)}</dt>
                <dd>{t(`answer-${answerOf(probe.works[name], probe.works.connect)}`)}</dd>
              </>
            ))}
          </dl>
          <ul class="items checks">
            {probe.checks.map((check) => (
              <Check check={check} language={language} />
            ))}
          </ul>
          <p class="soft small">{t.rich("tried-at", { at: t.minute(probe.at) })}</p>
        </>
      )}
      <Press action={`${adminBackpackPath(backpack.id)}/probe`} account={account}>
        {t("try-now")}
      </Press>
    </section>
  );
}

/** Where people can connect, what is not known shows with the first of them. */
function answerOf(answer: Works, connect: Works) {
  if (answer !== "unknown") return answer;
  return connect === "yes" ? "later" : "unknown";
}

function Check({ check, language }: { readonly check: ProbeCheck; readonly language: Language }) {
  const t = speaker(language, BACKPACK_ADMIN_WORDS);
  const said = speaker(language, PROBE_WORDS);
  const { id, outcome, words } = check;
  return (
    <li>
      <h3>{said(`name-${id}`)}</h3>
      <StateLabel {...OUTCOMES[outcome]} word={t(`outcome-${outcome}`)} />
      <p class="small" dir="auto">
        {language === "en" || check.said === undefined ? (
          <span lang="en">{words}</span>
        ) : (
          sentence(check.said, language)
        )}
      </p>
    </li>
  );
}

/** What another version kept has its English only. */
function sentence({ code, values = {}, parts = [], reason }: Said, language: Language): string {
  if (reason !== undefined) return `${speaker(language, CONNECT_REASONS)(reason)}.`;
  const said = parts.map((part) => sentence(part, language));
  return speaker(language, PROBE_WORDS)(code, { ...values, parts: said.join(", ") });
}
