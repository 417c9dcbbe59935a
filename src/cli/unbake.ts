// `rosette unbake`: shows what a picture file carries; nothing in it is taken for true.
import { unbakePng } from "../bakery/bake-png.ts";
import { detectKind } from "../bakery/detect.ts";
import type { Payload } from "../bakery/payload.ts";
import { unbakeSvg } from "../bakery/unbake-svg.ts";
import { readInput } from "./files.ts";
import { EXIT, Failure, type Verb } from "./verb.ts";

export const unbake: Verb = {
  operands: "FILE",
  summary: "Show the badge inside a PNG or SVG file",
  about: "Prints the assertion as it is in the file. It is not verified.",
  options: {},
  examples: ["unbake badge.png", "unbake badge.svg --json"],
  remote: false,
  async run({ operands: [file = ""], out }) {
    const { kind, payload } = await payloadIn(file, readInput(file));
    out.line(payload.text);
    out.document({ file, kind, payload });
    return EXIT.done;
  },
};

async function payloadIn(
  file: string,
  bytes: Uint8Array,
): Promise<{ kind: "png" | "svg"; payload: Payload }> {
  const kind = detectKind(bytes);
  if (kind !== "png" && kind !== "svg") {
    const detail = `${file} is neither a PNG nor an SVG: badges travel in those two only.`;
    throw new Failure(detail, { code: "not-a-picture", detail });
  }
  const found = kind === "png" ? await unbakePng(bytes) : unbakeSvg(bytes);
  if (!found.ok) throw new Failure(`${file}: ${found.detail}`, { code: found.reason, ...found });
  if (!found.payload) {
    throw new Failure(
      `${file} carries no badge.\n  A screenshot or a converted copy loses it: use the file as it was downloaded.`,
      { code: "no-badge", detail: `${file} carries no badge.` },
    );
  }
  return { kind, payload: found.payload };
}
