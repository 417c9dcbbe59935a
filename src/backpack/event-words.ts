// What happened at a connection, a sentence for each kind of event.
import type { BackpackEvent } from "../db/deliveries.ts";

export function eventWords({ kind }: BackpackEvent): string {
  return kind;
}
