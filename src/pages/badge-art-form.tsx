// The designer of a badge's picture: shape, icon and colour with the contrast in numbers, or an upload.
import { raw } from "hono/html";
import type { DraftValues } from "../desk/badges/edit/draft.ts";
import type { Language } from "../language.ts";
import { Choices, type Faults, FileField, TextField } from "./form.tsx";
import { BADGE_ART, GLYPH_WORDS } from "./words/badge-art.ts";
import { speaker } from "./words/speak.tsx";

/** A glyph with its strokes, SVG elements of ours on a grid of 24 by 24. */
export interface GlyphOption {
  readonly name: string;
  readonly strokes: string;
}

/** How the picture that is drawn would look; ratios as they are written. */
export interface ArtPreview {
  /** Its address, below this site. */
  readonly src: string;
  readonly light: string;
  readonly dark: string;
  readonly glyph: string;
  /** A colour that would do, where this one stands out too little; else null. */
  readonly instead: string | null;
}

interface ArtProps {
  readonly values: DraftValues;
  readonly faults: Faults;
  readonly language: Language;
  readonly glyphs: readonly GlyphOption[];
  readonly preview: ArtPreview;
  /** The badge's picture as it is stored; null for a new one. */
  readonly present: string | null;
  /** Codes of what was said of the picture that was uploaded with the form. */
  readonly warnings: readonly string[];
  /** The button that shows the preview without a script. */
  readonly look: string;
}

const SHAPES = ["hexagon", "rosette", "shield", "circle", "octagon", "diamond"] as const;

export function BadgeArtFields(props: ArtProps) {
  const { values, faults, language, glyphs, preview, present, warnings, look } = props;
  const t = speaker(language, BADGE_ART);
  return (
    <div class="art-form">
      <div class="form art-choices">
        <Choices
          name="picture"
          legend={t("picture")}
          type="radio"
          faults={faults}
          options={[
            { value: "draw", label: t("draw") },
            ...(present === null ? [] : [{ value: "keep", label: t("keep") }]),
            { value: "upload", label: t(values.image === "" ? "upload" : "upload-taken") },
          ]}
          chosen={[values.picture]}
        />
        <input type="hidden" name="image" value={values.image} />
        <Warnings codes={warnings} language={language} />
        <FileField
          name="file"
          label={t("file")}
          faults={faults}
          accept="image/png,image/svg+xml,.png,.svg"
        />
        <Choices
          name="shape"
          legend={t("shape")}
          type="radio"
          faults={faults}
          options={[
            { value: "", label: t("shape-auto") },
            ...SHAPES.map((shape) => ({ value: shape, label: t(shape) })),
          ]}
          chosen={[values.shape]}
        />
        <Choices
          name="colouring"
          legend={t("colouring")}
          type="radio"
          options={[
            { value: "auto", label: t("colour-auto") },
            { value: "own", label: t("colour-own") },
          ]}
          chosen={[values.colouring]}
        />
        <TextField
          name="colour"
          type="color"
          label={t("colour")}
          faults={faults}
          value={values.colour}
        />
        <Icons values={values} glyphs={glyphs} language={language} />
      </div>
      <div class="art-preview">
        <h3>{t("preview")}</h3>
        <div role="status" aria-live="polite" data-art-preview>
          <ArtPreviewParts preview={preview} language={language} />
        </div>
        {look === "" ? null : (
          <button class="btn" type="submit" name="do" value="look" data-without-script>
            {look}
          </button>
        )}
        {present === null ? null : (
          <>
            <h3>{t("present")}</h3>
            <img class="art" src={present} width="160" height="160" alt={t("present")} />
          </>
        )}
      </div>
    </div>
  );
}

/** What the region of the preview holds: asked for anew by the script while something is chosen. */
export function ArtPreviewParts(props: {
  readonly preview: ArtPreview;
  readonly language: Language;
}) {
  const { preview, language } = props;
  const t = speaker(language, BADGE_ART);
  const { src, light, dark, glyph, instead } = preview;
  return (
    <>
      <img class="art" src={src} width="256" height="256" alt={t("alt")} />
      <p>{t("contrast", { light: Number(light), dark: Number(dark), glyph: Number(glyph) })}</p>
      {instead === null ? (
        <p class="state valid">{t("contrast-fine")}</p>
      ) : (
        <p class="state revoked">{t("contrast-low", { instead })}</p>
      )}
    </>
  );
}

function isWarned(code: string): code is "image-small" {
  return code.startsWith("image-") && Object.hasOwn(BADGE_ART.en, code);
}

function Warnings(props: { readonly codes: readonly string[]; readonly language: Language }) {
  const { codes, language } = props;
  const t = speaker(language, BADGE_ART);
  const known = codes.filter(isWarned);
  if (known.length === 0) return null;
  return (
    <div class="note-line" role="status">
      <p>{t("warnings")}</p>
      <ul class="plain-list">
        {known.map((code) => (
          <li>{t(code)}</li>
        ))}
      </ul>
    </div>
  );
}

function isGlyph(name: string): name is keyof typeof GLYPH_WORDS.en {
  return Object.hasOwn(GLYPH_WORDS.en, name);
}

function Icons(props: {
  readonly values: DraftValues;
  readonly glyphs: readonly GlyphOption[];
  readonly language: Language;
}) {
  const { values, glyphs, language } = props;
  const t = speaker(language, BADGE_ART);
  const names = speaker(language, GLYPH_WORDS);
  const isKnown = values.icon === "" || glyphs.some(({ name }) => name === values.icon);
  return (
    <fieldset class="choices icons" id="icon">
      <legend>{t("icon")}</legend>
      {isKnown ? null : <p class="soft small">{t("icon-unknown", { key: values.icon })}</p>}
      <div class="icon-grid">
        <label class="choice">
          <input type="radio" name="icon" value="" checked={values.icon === ""} />
          <span>{t("icon-auto")}</span>
        </label>
        {isKnown ? null : (
          <label class="choice">
            <input type="radio" name="icon" value={values.icon} checked />
            <span>{t("icon-own", { key: values.icon })}</span>
          </label>
        )}
        {glyphs.map(({ name, strokes }) => (
          <label class="choice">
            <input type="radio" name="icon" value={name} checked={values.icon === name} />
            <svg
              class="glyph"
              viewBox="0 0 24 24"
              width="24"
              height="24"
              fill="none"
              stroke="currentColor"
              stroke-width="2"
              stroke-linecap="round"
              stroke-linejoin="round"
              aria-hidden="true"
            >
              {raw(strokes)}
            </svg>
            <span>{isGlyph(name) ? names(name) : name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
