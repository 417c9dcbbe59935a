// What a badge stands for, in sections that its own page and its criteria page share.
import type { Award, EvidenceItem } from "../db/awards.ts";
import type { Alignment, Badge } from "../db/badges.ts";
import type { Organization } from "../db/organizations.ts";
import { linkable } from "../linkable.ts";
import { Markdown } from "./markdown.tsx";
import type { BadgeSpeaker } from "./words/badge.ts";

/** In the reader's language, while what the author wrote stays in the badge's. */
interface Spoken {
  readonly t: BadgeSpeaker;
}

/** The line above the name: what kind of badge, and which level of it. */
export function Kind({ badge, tierName, t }: Spoken & { badge: Badge; tierName?: string | null }) {
  return (
    <p class="kind">
      {t(badge.category)}
      {tierName ? (
        <>
          {" · "}
          <bdi lang={badge.language}>{tierName}</bdi>
        </>
      ) : null}
    </p>
  );
}

/** Text of the badge's author stands in the badge's language, not the page's. */
export function Criteria({ badge, t }: Spoken & { badge: Badge }) {
  return (
    <section aria-labelledby="criteria">
      <h2 id="criteria">{t("how-earned")}</h2>
      <Markdown text={badge.criteria_narrative} language={badge.language} />
    </section>
  );
}

/** Stands right under the name and needs no heading. */
export function Description({ badge }: { badge: Badge }) {
  return <Markdown text={badge.description} language={badge.language} />;
}

/** What this person did: the award's own narrative, then each piece of evidence. */
export function Work({ award, badge, t }: Spoken & { award: Award; badge: Badge }) {
  const evidence = award.evidence ?? [];
  if (award.narrative === null && evidence.length === 0) return null;
  return (
    <section aria-labelledby="work">
      <h2 id="work">{t("given-for")}</h2>
      {award.narrative === null ? null : (
        <Markdown text={award.narrative} language={badge.language} />
      )}
      {evidence.length === 0 ? null : (
        <>
          <h3>{t("evidence")}</h3>
          <ul class="items cited">
            {evidence.map((item, i) => (
              <Evidence item={item} ordinal={i + 1} language={badge.language} t={t} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface EvidenceProps extends Spoken {
  readonly item: EvidenceItem;
  readonly ordinal: number;
  readonly language: string;
}

/** Narrative and description are both shown, the richer one first (OB 2.0, Evidence). */
function Evidence({ item, ordinal, language, t }: EvidenceProps) {
  const href = linkable(item.id);
  const name = item.name ?? (href === null ? null : t("evidence-number", { ordinal }));
  const about = [
    item.genre,
    item.audience ? t("for-audience", { audience: item.audience }) : undefined,
  ]
    .filter((part) => part)
    .join(", ");
  return (
    <li>
      {name === null ? null : href === null ? (
        <strong dir="auto">{name}</strong>
      ) : (
        <a href={href} rel="nofollow noopener" dir="auto">
          {name}
        </a>
      )}
      {item.narrative ? <Markdown text={item.narrative} language={language} /> : null}
      {item.description ? <Markdown text={item.description} language={language} /> : null}
      {about === "" ? null : (
        <p class="soft small" dir="auto">
          {about}
        </p>
      )}
    </li>
  );
}

export function Alignments({
  alignments,
  badge,
  t,
}: Spoken & {
  alignments: readonly Alignment[];
  badge: Badge;
}) {
  if (alignments.length === 0) return null;
  return (
    <section aria-labelledby="alignment">
      <h2 id="alignment">{t("aligned-to")}</h2>
      <ul class="items" lang={badge.language}>
        {alignments.map((alignment) => (
          <li>
            <AlignmentName alignment={alignment} />
            {alignment.target_framework || alignment.target_code ? (
              <p class="soft small" dir="auto">
                {[alignment.target_framework, alignment.target_code].filter(Boolean).join(" · ")}
              </p>
            ) : null}
            {alignment.target_description ? (
              <Markdown text={alignment.target_description} language={badge.language} />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function AlignmentName({ alignment }: { alignment: Alignment }) {
  const href = linkable(alignment.target_url);
  if (href === null) return <strong dir="auto">{alignment.target_name}</strong>;
  return (
    <a href={href} rel="nofollow noopener" dir="auto">
      {alignment.target_name}
    </a>
  );
}

export function Tags({ badge, t }: Spoken & { badge: Badge }) {
  if (badge.tags.length === 0) return null;
  return (
    <section aria-labelledby="tags">
      <h2 id="tags">{t("tags")}</h2>
      <ul class="tags" lang={badge.language}>
        {badge.tags.map((tag) => (
          <li dir="auto">{tag}</li>
        ))}
      </ul>
    </section>
  );
}

/** Who issues it, by the badge's own word where it has one. */
export function issuerName(badge: Badge, organization: Organization): string {
  return badge.issuer_name ?? organization.name;
}

export function IssuerLink({ badge, organization }: { badge: Badge; organization: Organization }) {
  const name = issuerName(badge, organization);
  const href = linkable(badge.issuer_url ?? organization.url);
  if (href === null) return <bdi lang={organization.language}>{name}</bdi>;
  return (
    <a href={href} rel="noopener" dir="auto" lang={organization.language}>
      {name}
    </a>
  );
}

export function Issuer({
  badge,
  organization,
  t,
}: Spoken & { badge: Badge; organization: Organization }) {
  const contact = badge.issuer_contact ?? organization.email;
  const href = contactHref(contact);
  return (
    <section aria-labelledby="issuer">
      <h2 id="issuer">{t("who-issues")}</h2>
      <dl class="facts">
        <dt>{t("name")}</dt>
        <dd>
          <IssuerLink badge={badge} organization={organization} />
        </dd>
        {organization.description ? (
          <>
            <dt>{t("about")}</dt>
            <dd>
              <Markdown text={organization.description} language={organization.language} />
            </dd>
          </>
        ) : null}
        <dt>{t("contact")}</dt>
        <dd dir="auto">{href === null ? contact : <a href={href}>{contact}</a>}</dd>
      </dl>
    </section>
  );
}

/** A badge's own contact may be an e-mail address, a web address, or words such as "Room 12". */
function contactHref(contact: string): string | null {
  return (
    linkable(contact) ??
    (/^[^\s@:]+@[^\s@:]+$/.test(contact) ? linkable(`mailto:${contact}`) : null)
  );
}
