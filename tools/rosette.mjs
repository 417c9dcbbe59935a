#!/usr/bin/env node
// The `rosette` command of a checkout: installs and builds what is missing, then runs it.
process.argv.splice(2, 0, "rosette");
await import("./run.mjs");
