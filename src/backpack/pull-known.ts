// What a pull knows of a connection's badges: which are there, which it has met, which are new.
import type { KnownExternal } from "../db/externals-pulled.ts";

/** Stands for the collection of a badge that is in none; no backpack gives this id to one. */
export const NO_COLLECTION = "-1";

const keyOf = (collectionId: string, name: string) => JSON.stringify([collectionId, name]);

/** The rows of one connection, found by whichever of its names an entry goes by. */
export class KnownBadges {
  private readonly startedAt: number;
  private readonly byEntity = new Map<string, KnownExternal>();
  private readonly byName = new Map<string, KnownExternal>();
  private readonly elsewhere = new Map<string, KnownExternal>();

  constructor(rows: readonly KnownExternal[], startedAt: number) {
    this.startedAt = startedAt;
    for (const row of rows) this.put(row);
  }

  /** Every row, each once. */
  all(): KnownExternal[] {
    return [...this.byEntity.values()];
  }

  put(row: KnownExternal): void {
    this.byEntity.set(keyOf(row.collection_id, row.entity_id), row);
    this.byName.set(keyOf(row.collection_id, row.jws ?? row.canonical_id), row);
    this.elsewhere.set(row.entity_id, row);
  }

  /** By the backpack's own id in one collection. */
  entity(collectionId: string, entityId: string): KnownExternal | null {
    return this.byEntity.get(keyOf(collectionId, entityId)) ?? null;
  }

  /** By an assertion's address or by a signed badge's text in one collection. */
  named(collectionId: string, name: string): KnownExternal | null {
    return this.byName.get(keyOf(collectionId, name)) ?? null;
  }

  /** By the backpack's own id, in whichever collection. */
  anywhere(entityId: string): KnownExternal | null {
    return this.elsewhere.get(entityId) ?? null;
  }

  /** Whether this very pull, in this slice or one before it, has met the row. */
  isMet(row: KnownExternal): boolean {
    return row.updated_at >= this.startedAt;
  }
}
