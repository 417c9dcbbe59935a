// Starts the built program with the demo in a folder of its own, for tools that look at what it serves.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const entry = join(dirname(fileURLToPath(import.meta.url)), "../dist/node.js");

/** Resolves once it answers: the process, and what `serve --json` says. */
export async function serveDemo(variables) {
  const child = spawn(process.execPath, [entry, "serve", "--json"], {
    env: variables,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.endsWith("}\n")) return { child, ...JSON.parse(text) };
  }
  throw new Error("the demo server ended before it was started");
}
