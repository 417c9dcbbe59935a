// Engines on databases of their own, for tests that hold every engine to the same contract.
import { inject } from "vitest";
import type { Engine } from "../../src/db/database.ts";
import { openRemote } from "../../src/runtime/libsql-http.ts";

export interface OpenedEngine {
  readonly engine: Engine;
  /** A second engine on the same database, as another process would have. */
  readonly again: () => Engine;
  /** Closes what was opened and leaves nothing behind. */
  readonly remove: () => Promise<void>;
}

/** Opens a new database, with the schema or, when `empty`, without. */
export type OpenEngine = (options: { readonly empty: boolean }) => Promise<OpenedEngine>;

export const openHrana: OpenEngine = async ({ empty }) => {
  const url = inject("hranaUrl");
  const authToken = `${empty ? "empty-" : ""}${crypto.randomUUID()}`;
  const open = () => openRemote({ url, authToken }, fetch);
  return {
    engine: open(),
    again: open,
    async remove() {
      const response = await fetch(url, {
        method: "DELETE",
        headers: { authorization: `Bearer ${authToken}` },
      });
      await response.arrayBuffer();
    },
  };
};
