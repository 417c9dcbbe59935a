import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const fromHere = (path: string) => new URL(path, import.meta.url).pathname;

/** The libSQL server that both projects' tests talk to over HTTP. */
const globalSetup = ["./test/hrana/global-setup.ts"];

/** A hang is a failure, a machine with much else to do is none. */
const patience = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  // Workers make no code from text. Its part for browsers, which bundles have too, does without.
  resolve: { alias: { depd: fromHere("./node_modules/depd/lib/browser/index.js") } },
  test: {
    // A core is otherwise kept free for whoever works meanwhile, which on two cores is every other one.
    maxWorkers: "100%",
    projects: [
      {
        resolve: { alias: { "#runtime": fromHere("./test/runtime/node.ts") } },
        test: {
          name: "node",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: ["test/**/*.worker.test.ts"],
          globalSetup,
          ...patience,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            // The test runner asks for it; without it every file prints a warning.
            miniflare: { compatibilityFlags: ["nodejs_compat"] },
          }),
        ],
        resolve: { alias: { "#runtime": fromHere("./test/runtime/worker.ts") } },
        test: {
          name: "workerd",
          // One isolate for all files: starting one takes longer than most of their tests.
          isolate: false,
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: ["test/**/*.node.test.ts", "test/**/*.node.test.tsx"],
          globalSetup,
          ...patience,
        },
      },
    ],
  },
});
