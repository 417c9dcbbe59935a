// The libSQL server of the tests as a command: `node test/hrana/main.ts --file FILE [--port PORT]`.
import { parseArgs } from "node:util";
import { startHrana } from "./server.ts";

const { values } = parseArgs({
  options: {
    file: { type: "string" },
    template: { type: "string" },
    port: { type: "string", default: "0" },
  },
});

const server = await startHrana({
  port: Number(values.port),
  file: values.file,
  template: values.template,
});
console.log(server.url);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void server.close().then(() => process.exit(0));
  });
}
