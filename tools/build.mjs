// Bundles the program into dist/, when its sources are newer than what is there.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { locked, root } from "./install.mjs";

const STAMP = join(root, "dist", ".stamp");
/** A server that was started before the last build may still load its own parts. */
const KEEP_OLD_PARTS_MS = 24 * 60 * 60 * 1000;

/** Everything the bundle is made of. Folders count: removing a file changes its folder only. */
function newestSource() {
  let newest = 0;
  const look = (path) => {
    const facts = statSync(path);
    newest = Math.max(newest, facts.mtimeMs);
    if (facts.isDirectory()) for (const name of readdirSync(path)) look(join(path, name));
  };
  for (const name of ["src", "tools/build.mjs", "package-lock.json"]) look(join(root, name));
  return newest;
}

function builtFrom() {
  try {
    return Number(readFileSync(STAMP, "utf8"));
  } catch {
    return 0;
  }
}

/** Builds when needed; true when it did. Prints what is wrong with the sources and throws if so. */
export async function buildIfStale() {
  if (builtFrom() === newestSource()) return false;
  return locked("build", "waiting for another start to build", async () => {
    const newest = newestSource();
    if (builtFrom() === newest) return false;
    await build();
    writeFileSync(STAMP, String(newest));
    return true;
  });
}

const SHARED = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  platform: "node",
  target: "node22.19",
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "hono/jsx",
  // Found from dist/ in node_modules: native parts, and a library that goes by its classes' names,
  // which would be shortened.
  external: ["libsql", "sharp", "oidc-provider"],
  // Packages of the older module system ask for Node's own modules with `require`.
  banner: {
    js: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
  },
  logLevel: "warning",
};

/** The validation library brings its messages in fifty languages; ours are our own. */
const englishOnly = {
  name: "english-only",
  setup(build) {
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: 'export { default as en } from "./en.js";',
      resolveDir: dirname(path),
    }));
  },
};

/**
 * An `import` of one of Node's own modules reads every export it has, and a mere look at some of
 * node:http loads Node's whole fetch. Asked for this way, only what is used is ever read.
 */
const builtinsAsObjects = {
  name: "builtins-as-objects",
  setup(build) {
    build.onResolve({ filter: /^[a-z0-9_:/]+$/ }, ({ path, kind }) =>
      kind === "import-statement" && isBuiltin(path) ? { path, namespace: "builtin" } : undefined,
    );
    build.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** The authorization server's library knows its kinds of records by the names of their classes. */
const namesKept = {
  name: "names-kept",
  setup(build) {
    build.onLoad({ filter: /oidc-provider[\\/]lib[\\/].*\.js$/ }, async ({ path }) => {
      const { code } = await build.esbuild.transform(readFileSync(path, "utf8"), {
        keepNames: true,
        target: SHARED.target,
      });
      return { contents: code };
    });
  },
};

/** What is imported when it is first needed stays a file of its own. */
async function build() {
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({
    ...SHARED,
    entryPoints: {
      node: "src/cli/start.ts",
      // A process of its own, which its parent looks for in its own folder.
      "parts/images-child": "src/runtime/images-child.ts",
      // The same of a thread.
      "parts/verify-thread": "src/cli/verify-thread.ts",
    },
    outdir: "dist",
    splitting: true,
    chunkNames: "parts/[name]-[hash]",
    // Less to read and to keep in memory at each start; names stay, for the places in the log.
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [englishOnly, namesKept, builtinsAsObjects],
  });
  removeOldParts(new Set(Object.keys(metafile.outputs)));
}

/** The benchmarks, beside the program they measure. */
export async function buildBench() {
  const esbuild = await import("esbuild");
  await esbuild.build({
    ...SHARED,
    entryPoints: {
      main: "bench/main.ts",
      limits: "bench/limits.ts",
      load: "bench/load.ts",
      "deliveries-host": "bench/deliveries-host.ts",
      "deliveries-worker": "bench/deliveries-worker.ts",
      "sweep-worker": "bench/sweep-worker.ts",
      "verify-thread": "bench/verify-thread.ts",
    },
    outdir: "dist/bench",
    // Files that also run alone must not do so inside the bundle.
    define: { "import.meta.main": "false" },
  });
}

function removeOldParts(current) {
  for (const name of readdirSync(join(root, "dist", "parts"))) {
    const path = join(root, "dist", "parts", name);
    if (current.has(`dist/parts/${name}`)) continue;
    if (Date.now() - statSync(path).mtimeMs > KEEP_OLD_PARTS_MS) rmSync(path);
  }
}
