// Where a part of the program that runs by itself, a process or a thread, is found.
import { fileURLToPath } from "node:url";

/** Beside the file that starts it (`from` is its `import.meta.url`), as source or as built. */
export function partPath(name: string, from: string): string {
  const extension = from.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./${name}.${extension}`, from));
}
