// The image registry: pictures by the SHA-256 of their bytes, and which organization put them there.
import {
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { createdAt, id, json } from "./columns.ts";
import { organizations } from "./organizations.ts";

export type ImageMediaType = "image/png" | "image/svg+xml";

/** Where a baked assertion goes in an SVG: byte offsets found once, when it was inspected. */
export interface SvgSplice {
  readonly nameEnd: number;
  readonly tagEnd: number;
}

/** Bytes, once per content. Not owned by anyone: the same picture may be in many registries. */
export const imageContents = sqliteTable("image_contents", {
  /** Hex. */
  sha256: text().primaryKey().notNull(),
  media_type: text().$type<ImageMediaType>().notNull(),
  bytes: blob({ mode: "buffer" }).notNull(),
  size: integer().notNull(),
  width: integer().notNull(),
  height: integer().notNull(),
  /** What the inspection at upload found out that baking needs; null for PNG. */
  splice: json<unknown>(),
  created_at: createdAt(),
});

/** A picture an organization put into its registry. */
export const images = sqliteTable(
  "images",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    sha256: text()
      .notNull()
      .references(() => imageContents.sha256),
    media_type: text().$type<ImageMediaType>().notNull(),
    name: text().notNull(),
    /** `upload`, or `generated` for art made from a badge's name. */
    origin: text().$type<"upload" | "generated">().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex("idx_images_organization_content").on(t.organization_id, t.sha256),
    index("idx_images_organization").on(t.organization_id, t.id),
  ],
);

/** A PNG made from a picture: the twin of an SVG, or a smaller size. */
export const imageVariants = sqliteTable(
  "image_variants",
  {
    source_sha256: text()
      .notNull()
      .references(() => imageContents.sha256),
    /** Pixels; variants are square. */
    width: integer().notNull(),
    sha256: text()
      .notNull()
      .references(() => imageContents.sha256),
    created_at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.source_sha256, t.width] })],
);

export type Image = typeof images.$inferSelect;
export type ImageContent = typeof imageContents.$inferSelect;
export type ImageVariant = typeof imageVariants.$inferSelect;
