import { defineConfig } from "vitest/config";

const fromHere = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias: { "#runtime": fromHere("./test/runtime/node.ts") } },
        test: {
          name: "node",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: ["test/**/*.worker.test.ts"],
        },
      },
    ],
  },
});
