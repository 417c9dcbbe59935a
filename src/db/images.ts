// The image registry: pictures by the SHA-256 of their bytes, and which organization put them there.
import { and, desc, eq, exists, lt, type SQL, sql } from "drizzle-orm";
import {
  customType,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { createdAt, id, json } from "./columns.ts";
import type { Database, Writable } from "./database.ts";
import { organizations } from "./organizations.ts";

export type ImageMediaType = "image/png" | "image/svg+xml";

/** Where a badge is spliced into an SVG: the bakery's plan, found once when it was inspected. */
export interface SvgSplice {
  fileBytes: number;
  rootName: string;
  rootStart: number;
  rootNameEnd: number;
  rootTagEnd: number;
  selfClosing: boolean;
  prefixNamespace: string | undefined;
  prefixInUse: boolean;
  carriers: { namespace: string; element: string; start: number; end: number }[];
}

/** Bytes as every runtime has them; drizzle's own blob column makes Node's Buffers of them. */
export const octets = customType<{
  data: Uint8Array<ArrayBuffer>;
  driverData: Uint8Array<ArrayBuffer>;
}>({
  dataType: () => "blob",
});

/** Bytes, once per content. Not owned by anyone: the same picture may be in many registries. */
export const imageContents = sqliteTable("image_contents", {
  /** Hex. */
  sha256: text().primaryKey().notNull(),
  media_type: text().$type<ImageMediaType>().notNull(),
  bytes: octets().notNull(),
  size: integer().notNull(),
  width: integer().notNull(),
  height: integer().notNull(),
  /** What the inspection at upload found out that baking needs; null for PNG. */
  splice: json<SvgSplice>(),
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

/** A picture of an organization's registry by the hash of its bytes. */
export async function imageByContent(
  db: Database,
  organizationId: string,
  sha256: string,
): Promise<Image | null> {
  const [row] = await db.orm
    .select()
    .from(images)
    .where(and(eq(images.organization_id, organizationId), eq(images.sha256, sha256)))
    .limit(1);
  return row ?? null;
}

/** A picture with what is known of its bytes, but without them. */
export interface ImageFacts {
  readonly image: Image;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

/** One row more than a page holds, by falling id, below `cursor`; or the one with that id. */
export function listImages(
  db: Database,
  organizationId: string,
  which: { readonly limit: number; readonly cursor?: string | undefined; readonly id?: string },
): Promise<ImageFacts[]> {
  const { size, width, height } = imageContents;
  return db.orm
    .select({ image: images, size, width, height })
    .from(images)
    .innerJoin(imageContents, eq(imageContents.sha256, images.sha256))
    .where(
      and(
        eq(images.organization_id, organizationId),
        which.cursor === undefined ? undefined : lt(images.id, which.cursor),
        which.id === undefined ? undefined : eq(images.id, which.id),
      ),
    )
    .orderBy(desc(images.id))
    .limit(which.limit + 1);
}

/** A picture of an organization's registry by its id. */
export async function findImage(
  db: Database,
  organizationId: string,
  id: string,
): Promise<Image | null> {
  const [row] = await db.orm
    .select()
    .from(images)
    .where(and(eq(images.organization_id, organizationId), eq(images.id, id)))
    .limit(1);
  return row ?? null;
}

/** The bytes of a picture of an organization's registry. */
export async function contentOfImage(
  db: Database,
  organizationId: string,
  imageId: string,
): Promise<ImageContent | null> {
  const [row] = await db.orm
    .select({ content: imageContents })
    .from(images)
    .innerJoin(imageContents, eq(imageContents.sha256, images.sha256))
    .where(and(eq(images.organization_id, organizationId), eq(images.id, imageId)))
    .limit(1);
  return row?.content ?? null;
}

/** Bytes by their hash, whoever put them there: whoever knows the hash may read them. */
export async function contentBySha256(db: Database, sha256: string): Promise<ImageContent | null> {
  const [row] = await db.orm
    .select()
    .from(imageContents)
    .where(eq(imageContents.sha256, sha256))
    .limit(1);
  return row ?? null;
}

/** What kind of picture has that hash, without reading its bytes; null where none is stored. */
export async function mediaTypeBySha256(
  db: Database,
  sha256: string,
): Promise<ImageMediaType | null> {
  const [row] = await db.orm
    .select({ media_type: imageContents.media_type })
    .from(imageContents)
    .where(eq(imageContents.sha256, sha256))
    .limit(1);
  return row?.media_type ?? null;
}

/** The PNG of that width that was made from a picture, if one was. */
export async function variantOf(
  db: Database,
  sourceSha256: string,
  width: number,
): Promise<ImageContent | null> {
  const [row] = await db.orm
    .select({ content: imageContents })
    .from(imageVariants)
    .innerJoin(imageContents, eq(imageContents.sha256, imageVariants.sha256))
    .where(and(eq(imageVariants.source_sha256, sourceSha256), eq(imageVariants.width, width)))
    .limit(1);
  return row?.content ?? null;
}

/** Whether a PNG of that width was made of the picture in the same query: SQL's 0 or 1. */
export function hasPngTwin(db: Database, width: number): SQL<number> {
  const twin = db.orm
    .select({ one: sql`1` })
    .from(imageVariants)
    .where(and(eq(imageVariants.source_sha256, images.sha256), eq(imageVariants.width, width)));
  return sql<number>`${exists(twin)}`;
}

/** Stores bytes under their hash; what is stored already stays as it is. */
export function insertContent(db: Database, content: typeof imageContents.$inferInsert): Writable {
  return db.orm.insert(imageContents).values(content).onConflictDoNothing();
}

/** Puts a picture into a registry; the same picture there already stays as it is. */
export function insertImage(db: Database, image: typeof images.$inferInsert): Writable {
  return db.orm.insert(images).values(image).onConflictDoNothing();
}

/** Remembers the PNG made from a picture; of two made at once the first stays. */
export function insertVariant(db: Database, variant: typeof imageVariants.$inferInsert): Writable {
  return db.orm.insert(imageVariants).values(variant).onConflictDoNothing();
}
