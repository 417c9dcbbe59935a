// A badge's picture on a page, with words for those who do not see it.
import type { PictureRef } from "../db/badge-page.ts";
import type { Badge } from "../db/badges.ts";
import type { Language } from "../language.ts";
import type { Urls } from "../urls.ts";
import { here } from "./web-address.ts";
import { BADGE_WORDS } from "./words/badge.ts";
import { speaker } from "./words/speak.tsx";

export interface BadgePictureProps {
  /** Null where the badge has none of its own: then one is drawn from its name. */
  readonly picture: PictureRef | null;
  readonly badge: Pick<Badge, "id" | "name" | "language" | "image_caption">;
  readonly urls: Urls;
  /** Of the words for a picture that has none of its own. */
  readonly language: Language;
}

/** The caption is the alternative text (OB 2.0, Image); without one the picture is named. */
export function BadgePicture({ picture, badge, urls, language }: BadgePictureProps) {
  const src =
    picture === null ? urls.badgeImage(badge.id) : urls.image(picture.sha256, picture.media_type);
  const t = speaker(language, BADGE_WORDS);
  return (
    <img
      class="art"
      src={here(src)}
      width="288"
      height="288"
      alt={badge.image_caption ?? t("picture-of", { name: badge.name })}
      lang={badge.image_caption === null ? undefined : badge.language}
    />
  );
}
