// How the columns that every table shares are stored.
import { sql } from "drizzle-orm";
import { integer, text } from "drizzle-orm/sqlite-core";

/** A UUIDv7 in text form: ids sort by the time they were made. */
export const id = () => text().primaryKey().notNull();

/** Milliseconds since 1970-01-01T00:00:00Z; printed to people as ISO 8601 in UTC. */
export const time = () => integer();

/** The database's own clock at insert: when the row was written, not when the thing happened. */
export const createdAt = () =>
  integer("created_at").notNull().default(sql`(cast(unixepoch('subsec') * 1000 as integer))`);

export const flag = () => integer({ mode: "boolean" });

/** JSON text; the shape is checked before it is written. */
export const json = <T>() => text({ mode: "json" }).$type<T>();
