// What a stranger came to know: whether the badge still stands, before anything else.
import type { Child } from "hono/jsx";
import type { Award, AwardStatus } from "../db/awards.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import { ExpiredSign, HiddenSign, RevokedSign, ValidSign } from "./icons.tsx";
import { Day, Minute } from "./time.tsx";
import { here } from "./web-address.ts";

type Standing = Pick<Award, "revoked_at" | "date_expire">;

/** For titles and lists. */
export const VERDICT_WORD = {
  valid: "Valid",
  expired: "Expired",
  revoked: "Revoked",
} as const satisfies Record<AwardStatus, string>;

function VerdictSign({ verdict }: { verdict: AwardStatus }) {
  if (verdict === "valid") return <ValidSign />;
  return verdict === "expired" ? <ExpiredSign /> : <RevokedSign />;
}

/** The verdict as one word with its sign. */
export function VerdictLabel({ verdict }: { verdict: AwardStatus }) {
  return (
    <span class={`state ${verdict}`}>
      <VerdictSign verdict={verdict} />
      {VERDICT_WORD[verdict]}
    </span>
  );
}

export interface VerdictBandProps {
  readonly award: Standing & Pick<Award, "revocation_reason" | "visible">;
  /** The award that took this one's place; null where none did, or its holder keeps it private. */
  readonly replacementHash: string | null;
  readonly wasReplaced: boolean;
  readonly now: number;
  readonly urls: Urls;
}

export function VerdictBand(props: VerdictBandProps) {
  const { award, now } = props;
  const verdict = standingOf(award, now);
  if (verdict === "revoked") return <RevokedBand {...props} />;
  if (!award.visible) return <HiddenBand verdict={verdict} now={now} expires={award.date_expire} />;
  if (verdict === "expired") {
    return (
      <Band kind="expired" sign={<ExpiredSign />} word="This badge has expired">
        It was valid until <Day at={award.date_expire ?? now} /> and has not been revoked. Checked{" "}
        <Minute at={now} />.{" "}
        {props.replacementHash !== null ? (
          <a href={here(props.urls.badgePage(props.replacementHash))}>
            See the badge that renews it
          </a>
        ) : props.wasReplaced ? (
          "Another badge renews it: ask the holder for its link."
        ) : (
          ""
        )}
      </Band>
    );
  }
  return (
    <Band kind="valid" sign={<ValidSign />} word="This badge is valid">
      Checked <Minute at={now} />. It has not been revoked and{" "}
      {award.date_expire === null ? (
        "does not expire."
      ) : (
        <>
          expires on <Day at={award.date_expire} />.
        </>
      )}
    </Band>
  );
}

function RevokedBand({ award, replacementHash, wasReplaced, now, urls }: VerdictBandProps) {
  return (
    <Band kind="revoked" sign={<RevokedSign />} word="This badge was revoked">
      The issuer withdrew it on <Day at={award.revoked_at ?? now} />.{" "}
      {award.revocation_reason ? (
        <>
          Reason given: “<bdi>{award.revocation_reason}</bdi>”{" "}
        </>
      ) : (
        ""
      )}
      Do not rely on it.{" "}
      {replacementHash !== null ? (
        <a href={here(urls.badgePage(replacementHash))}>See the badge that replaces it</a>
      ) : wasReplaced ? (
        "Another badge replaces it: ask the holder for its link."
      ) : (
        ""
      )}
    </Band>
  );
}

interface HiddenBandProps {
  readonly verdict: AwardStatus;
  readonly now: number;
  readonly expires: number | null;
}

/** Private is not void: whoever was given the link still learns whether the award stands. */
function HiddenBand({ verdict, now, expires }: HiddenBandProps) {
  return (
    <Band kind="hidden" sign={<HiddenSign />} word="The holder keeps this badge private">
      {verdict === "valid" ? (
        <>
          The award exists and has not been revoked. Checked <Minute at={now} />.
        </>
      ) : (
        <>
          The award exists, but expired on <Day at={expires ?? now} />.
        </>
      )}{" "}
      To see whose it is and what it was given for, ask the holder for the badge’s file.
    </Band>
  );
}

interface BandProps {
  readonly kind: AwardStatus | "hidden";
  readonly sign: Child;
  readonly word: string;
  readonly children: Child;
}

function Band({ kind, sign, word, children }: BandProps) {
  return (
    <div class={`verdict ${kind}`}>
      {sign}
      <strong>{word}</strong>
      <p class="more">{children}</p>
    </div>
  );
}
