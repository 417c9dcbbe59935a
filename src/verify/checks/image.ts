// Whether a badge's pictures are pictures of a kind that badges have.
import { dataUriKind, type ImageReference } from "../documents/image.ts";
import type { LoadedImage } from "../load.ts";
import { type Finding, failed, notPossible, passed, warned } from "./finding.ts";

type Owner = "assertion" | "badge" | "issuer";

const WORDS: Record<Owner, string> = {
  assertion: "The picture of the award",
  badge: "The picture of the badge",
  issuer: "The issuer's logo",
};

/** OB20-A-09, A-10, B-03, B-04 and P-06; a logo that is not there makes no badge doubtful. */
export function checkImage(
  owner: Owner,
  reference: ImageReference | null,
  loaded: LoadedImage | null,
): Finding[] {
  if (reference === null) return [];
  const name = WORDS[owner];
  const evidence = { document: reference.id.slice(0, 200), property: "image" };
  if (/^data:/i.test(reference.id)) {
    if (owner === "assertion") {
      const words = `${name} must be named by its address, and comes inside the document.`;
      return [failed("image", "image-data-uri", words, evidence)];
    }
    return dataUriKind(reference.id) === null
      ? [failed("image", "image-not-an-image", `${name} is neither PNG nor SVG.`, evidence)]
      : [passed("image", `${name} is a PNG or SVG.`)];
  }
  if (loaded === null) return [];
  const { answer } = loaded;
  if (answer.ok) {
    return answer.kind === "png" || answer.kind === "svg"
      ? [passed("image", `${name} is a PNG or SVG.`, evidence)]
      : [
          failed("image", "image-not-an-image", `${name} is neither PNG nor SVG.`, {
            ...evidence,
            found: answer.kind,
          }),
        ];
  }
  const words = `${name} could not be read. ${answer.words}`;
  if (owner === "issuer") return [warned("image", "image-unreachable", words, evidence)];
  // A server that says there is no picture is believed; one that fails or is silent is not.
  const absent = answer.status !== null && answer.status >= 400 && answer.status < 500;
  return absent && answer.status !== 429
    ? [failed("image", "image-unreachable", words, evidence)]
    : [notPossible("image", answer.reason, words, evidence)];
}
