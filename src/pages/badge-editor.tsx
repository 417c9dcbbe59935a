// The editor of a badge: all that an administrator says of one, on one page that works without a script.
import type { Child } from "hono/jsx";
import type { Draft } from "../desk/badges/edit/draft.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { type ArtPreview, BadgeArtFields, type GlyphOption } from "./badge-art-form.tsx";
import { BADGE_DESK_PATH } from "./badge-desk-script.ts";
import {
  AlignmentsPart,
  EndorsementPart,
  EndPart,
  MailPart,
  MorePart,
  RelatedPart,
  TiersPart,
  WhoPart,
} from "./badge-more-form.tsx";
import { BadgeRules, type RuleChoices } from "./badge-rules-form.tsx";
import { BADGES_PATH, badgePath } from "./badges-paths.ts";
import { AreaField, type Faults, FormErrors, SelectField, TextField } from "./form.tsx";
import { BADGE_ART } from "./words/badge-art.ts";
import { BADGE_EDITOR } from "./words/badge-editor.ts";
import { speaker } from "./words/speak.tsx";

/** The badge that is edited. */
export interface EditedBadge {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  /** Where people hold it: how many, of at most so many counted, and what the next version is called. */
  readonly locked: {
    readonly holders: number;
    readonly isMore: boolean;
    readonly version: string;
  } | null;
}

export interface BadgeEditorProps {
  readonly account: Account;
  /** Null for a new one. */
  readonly badge: EditedBadge | null;
  readonly draft: Draft;
  /** Of the badge as it was when the form was made; "" for a new one. */
  readonly etag: string;
  readonly faults: Faults;
  /** The badge that has the name already. */
  readonly taken: { readonly id: string; readonly name: string } | null;
  readonly choices: RuleChoices;
  readonly placeholders: readonly string[];
  readonly glyphs: readonly GlyphOption[];
  readonly preview: ArtPreview;
  readonly present: string | null;
  readonly warnings: readonly string[];
}

const CATEGORIES = ["activity_milestone", "recognition", "certification"] as const;

/** A whole document; to be sent with the headers of a page whose script asks this site. */
export function badgeEditorPage(props: BadgeEditorProps) {
  const { account, badge, etag, faults } = props;
  const { language } = account;
  const t = speaker(language, BADGE_EDITOR);
  const title = badge === null ? t("new") : t("edit", { name: badge.name });
  const action = badge === null ? `${BADGES_PATH}/new` : `${badgePath(badge.id)}/edit`;
  return accountPage({
    title,
    account,
    place: "/admin/badges",
    head: <script type="module" src={BADGE_DESK_PATH}></script>,
    children: (
      <>
        <p class="back">
          <a href={badge === null ? BADGES_PATH : badgePath(badge.id)}>
            {badge === null ? t("back") : t("back-one")}
          </a>
        </p>
        <div class="intro">
          <h1 dir="auto">{title}</h1>
        </div>
        <FormErrors faults={faults} language={language} labels={labelsOf(props)} />
        <Standing badge={badge} language={language} />
        <form method="post" action={action} enctype="multipart/form-data" novalidate class="editor">
          <FormToken account={account} />
          <input type="hidden" name="etag" value={etag} />
          <Saving badge={badge} language={language} />
          <Parts {...props} action={action} />
          <Saving badge={badge} language={language} />
        </form>
      </>
    ),
  });
}

function Parts(all: BadgeEditorProps & { readonly action: string }) {
  const { account, badge, draft, faults } = all;
  const { language } = account;
  const t = speaker(language, BADGE_EDITOR);
  const part = { draft, faults, language, action: all.action };
  const { choices } = all;
  const others = choices.badges.filter(({ id }) => id !== badge?.id);
  const isFaulty = (names: RegExp) => faults.some(({ field }) => names.test(field));
  return (
    <>
      <Part title={t("section-what")}>
        <WhatPart {...all} />
      </Part>
      <Part title={t("section-look")}>
        <BadgeArtFields
          values={draft.values}
          faults={faults}
          language={language}
          glyphs={all.glyphs}
          preview={all.preview}
          present={all.present}
          warnings={all.warnings}
          look={t("look")}
        />
      </Part>
      <Part title={t("section-rules")}>
        <BadgeRules {...part} choices={choices} />
      </Part>
      <Part title={t("section-who")}>
        <WhoPart {...part} roles={choices.roles} />
      </Part>
      <Part title={t("section-end")}>
        <EndPart {...part} />
      </Part>
      <div class="sheet folds">
        <Fold title={t("section-tiers")} open={draft.tiers.length > 0}>
          <TiersPart {...part} />
        </Fold>
        <Fold title={t("section-mail")} open={isFaulty(/^message/)}>
          <MailPart {...part} placeholders={all.placeholders} />
        </Fold>
        <Fold title={t("section-alignments")} open={draft.alignments.length > 0}>
          <AlignmentsPart {...part} />
        </Fold>
        <Fold title={t("section-related")} open={draft.related.length > 0 || isFaulty(/^related/)}>
          <RelatedPart {...part} badges={others} />
        </Fold>
        <Fold
          title={t("section-endorsement")}
          open={draft.values.endorser_name !== "" || isFaulty(/^endorse/)}
        >
          <EndorsementPart {...part} />
        </Fold>
        <Fold title={speaker(language, BADGE_ART)("author")} open={isFaulty(/^(author|caption)/)}>
          <PicturePart {...all} />
        </Fold>
        <Fold title={t("section-more")} open={isFaulty(/^(version|type|course_id|issuer)/)}>
          <MorePart {...part} />
        </Fold>
      </div>
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: Child }) {
  return (
    <section class="sheet pad form">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Fold(props: { readonly title: string; readonly open: boolean; readonly children: Child }) {
  const { title, open, children } = props;
  return (
    <details class="fold" open={open}>
      <summary>
        <h2>{title}</h2>
      </summary>
      <div class="form">{children}</div>
    </details>
  );
}

function Standing({ badge, language }: Pick<BadgeEditorProps, "badge"> & WithLanguage) {
  const t = speaker(language, BADGE_EDITOR);
  if (badge === null) return null;
  const { locked } = badge;
  if (locked !== null) {
    const { holders: count, version } = locked;
    return (
      <p class="sheet pad note">
        {t(locked.isMore ? "locked-many" : "locked", { count, version })}
      </p>
    );
  }
  return badge.isActive ? <p class="sheet pad note">{t("active")}</p> : null;
}

interface WithLanguage {
  readonly language: Account["language"];
}

/** Twice on the page, since it is long; the first button is what Enter in a field presses. */
function Saving({ badge, language }: Pick<BadgeEditorProps, "badge"> & WithLanguage) {
  const t = speaker(language, BADGE_EDITOR);
  const version = badge?.locked?.version;
  const isLive = badge?.isActive === true && badge.locked === null;
  const words =
    version !== undefined ? t("save-version", { version }) : t(isLive ? "save-live" : "save");
  return (
    <div class="controls saving">
      <button class="btn first" type="submit" name="do" value="save">
        {words}
      </button>
      {isLive ? null : (
        <button class="btn" type="submit" name="do" value="activate">
          {version === undefined ? t("save-activate") : t("save-version-activate", { version })}
        </button>
      )}
      {version === undefined ? (
        <button class="btn" type="submit" name="do" value="count">
          {t("count")}
        </button>
      ) : null}
    </div>
  );
}

function WhatPart({ account, draft, faults, taken }: BadgeEditorProps) {
  const t = speaker(account.language, BADGE_EDITOR);
  const { values } = draft;
  return (
    <>
      <TextField
        name="name"
        label={t("name")}
        required
        maxlength={255}
        value={values.name}
        faults={faults}
        {...(taken === null
          ? {}
          : {
              help: t.rich("taken", {
                name: taken.name,
                link: (inside) => (
                  <a href={badgePath(taken.id)} dir="auto">
                    {inside}
                  </a>
                ),
              }),
            })}
      />
      <AreaField
        name="description"
        label={t("description")}
        help={t("description-help")}
        required
        rows={3}
        value={values.description}
        faults={faults}
      />
      <AreaField
        name="narrative"
        label={t("narrative")}
        help={t("narrative-help")}
        required
        rows={5}
        value={values.narrative}
        faults={faults}
      />
      <SelectField
        name="category"
        label={t("category")}
        value={values.category}
        faults={faults}
        options={CATEGORIES.map((category) => ({ value: category, label: t(category) }))}
      />
      <div class="pair">
        <TextField
          name="language"
          label={t("language")}
          help={t("language-help")}
          maxlength={35}
          value={values.language}
          faults={faults}
        />
        <TextField
          name="tags"
          label={t("tags")}
          help={t("commas-help")}
          value={values.tags}
          faults={faults}
        />
      </div>
    </>
  );
}

function PicturePart({ account, draft, faults }: BadgeEditorProps) {
  const t = speaker(account.language, BADGE_ART);
  const field = (name: "caption" | "author_name" | "author_email" | "author_url") => ({
    name,
    value: draft.values[name],
    faults,
  });
  return (
    <>
      <TextField {...field("caption")} label={t("caption")} help={t("caption-help")} />
      <TextField {...field("author_name")} label={t("author-name")} />
      <TextField {...field("author_email")} label={t("author-email")} type="email" />
      <TextField {...field("author_url")} label={t("author-url")} type="url" />
    </>
  );
}

/** For the list of faults: fields as people read them. */
function labelsOf({ account, draft }: BadgeEditorProps): Record<string, string> {
  const t = speaker(account.language, BADGE_EDITOR);
  const art = speaker(account.language, BADGE_ART);
  const rules = Object.fromEntries(
    draft.criteria.flatMap((criterion, i) =>
      [
        "description",
        ...criterion.rows.flatMap((_row, j) => ROW_PARTS.map((part) => `${j}.${part}`)),
      ].map((part) => [`c${i}.${part}`, t("section-rules")]),
    ),
  );
  const tiers = Object.fromEntries(
    draft.tiers.flatMap((_tier, i) =>
      ["name", "threshold"].map((part) => [`t${i}.${part}`, t("tier-name", { level: i + 1 })]),
    ),
  );
  const alignments = Object.fromEntries(
    draft.alignments.flatMap((_one, i) =>
      ["name", "url", "code"].map((part) => [`a${i}.${part}`, t("section-alignments")]),
    ),
  );
  return {
    ...rules,
    ...tiers,
    ...alignments,
    name: t("name"),
    description: t("description"),
    narrative: t("narrative"),
    method: t("section-rules"),
    category: t("category"),
    language: t("language"),
    tags: t("tags"),
    version: t("version"),
    type: t("type"),
    course_id: t("course"),
    roles: t("roles"),
    max_awards: t("max"),
    sort_order: t("order"),
    expire_date: t("end-day"),
    expire_span: t("end-span"),
    message: t("message"),
    message_subject: t("subject"),
    related: t("section-related"),
    endorser_name: t("endorser-name"),
    endorser_url: t("endorser-url"),
    endorser_email: t("endorser-email"),
    endorser_comment: t("endorser-comment"),
    issuer_name: t("issuer-name"),
    issuer_url: t("issuer-url"),
    issuer_contact: t("issuer-contact"),
    shape: art("shape"),
    icon: art("icon"),
    colour: art("colour"),
    picture: art("picture"),
    file: art("picture"),
    caption: art("caption"),
    author_name: art("author-name"),
    author_email: art("author-email"),
    author_url: art("author-url"),
  };
}

const ROW_PARTS = ["key", "least", "span", "unit", "until"] as const;
