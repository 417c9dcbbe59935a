// Where the process begins: compiled code is kept between starts, which halves what loading costs.
import { enableCompileCache } from "node:module";

enableCompileCache();
const { main } = await import("./main.ts");
await main(process.argv.slice(2));
