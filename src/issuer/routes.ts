// The image registry over HTTP: pictures by the hash of their bytes.
import { Hono } from "hono";
import { contentBySha256, type ImageContent, mediaTypeBySha256 } from "../db/images.ts";
import type { Env } from "../env.ts";
import { hashTag, isKnown } from "../obv2/entity-tag.ts";
import { PROBLEMS, Problem } from "../problem.ts";
import { IMAGE_WIDTHS, type ImageWidth, isImageWidth, pngOf } from "./image-variants.ts";

const FILE = /^([0-9a-f]{64})\.(png|svg)$/;

/** The bytes of a hash never change. */
const FOR_EVER = "public, max-age=31536000, immutable";
/** For what stands in until the size asked for can be made. */
const FOR_AN_HOUR = "public, max-age=3600";

const ANYBODY = { "access-control-allow-origin": "*" };

/**
 * What an SVG may do when it is opened by itself: show itself and what is embedded in it. Uploads
 * with anything active are refused; this holds even if one should get past that.
 */
const PICTURE_ONLY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox";

/**
 * `GET /images/<sha256>.<png|svg>`, and `?w=` for a PNG of one of the offered widths. `.png` with the
 * hash of an SVG is its PNG twin.
 *
 * Every picture in the registry is public: its hash cannot be guessed, and whoever knows it was
 * shown the picture or has it already. So there is no login, and any origin may read it.
 */
export function issuerRoutes(env: Env) {
  const app = new Hono();
  app.get("/images/:file", async (c) => {
    const [, sha256 = "", extension] = FILE.exec(c.req.param("file")) ?? [];
    if (sha256 === "") throw unknown();
    const width = widthOf(c.req.query("w"));
    const asPng = extension === "png";
    const ifNoneMatch = c.req.header("if-none-match");
    if (width === undefined && isKnown(ifNoneMatch, hashTag(sha256))) {
      // Who has the picture costs no reading of it: the address says which bytes it has.
      const mediaType = await mediaTypeBySha256(env.db, sha256);
      if (mediaType === null) throw unknown();
      if (asPng === (mediaType === "image/png")) return notModified(sha256, FOR_EVER);
    }
    const content = await contentBySha256(env.db, sha256);
    if (!content) throw unknown();
    return answer(await select(env, content, asPng, width), ifNoneMatch);
  });
  app.all("/images/:file", () => {
    throw new Problem("method-not-allowed", "A picture can be read, not changed.", {
      headers: { ...ANYBODY, allow: "GET, HEAD" },
    });
  });
  return app;
}

interface Shown {
  readonly content: ImageContent;
  readonly caching: string;
}

/** The representation asked for, or the nearest this runtime has. */
async function select(
  env: Env,
  content: ImageContent,
  asPng: boolean,
  width: ImageWidth | undefined,
): Promise<Shown> {
  const isPng = content.media_type === "image/png";
  if (!asPng && isPng) throw notFound("This picture is a PNG: its name ends in .png.");
  if (width === undefined && isPng === asPng) return { content, caching: FOR_EVER };
  const png = await pngOf(env, content, width);
  if (png) return { content: png, caching: FOR_EVER };
  if (asPng && !isPng) throw notFound("There is no PNG of this picture here; ask for .svg.");
  return { content, caching: FOR_AN_HOUR };
}

function headersOf(sha256: string, caching: string) {
  return { ...ANYBODY, etag: hashTag(sha256), "cache-control": caching };
}

function notModified(sha256: string, caching: string): Response {
  return new Response(null, { status: 304, headers: headersOf(sha256, caching) });
}

function answer({ content, caching }: Shown, ifNoneMatch: string | undefined): Response {
  const { sha256 } = content;
  if (isKnown(ifNoneMatch, hashTag(sha256))) return notModified(sha256, caching);
  return new Response(content.bytes, {
    headers: {
      ...headersOf(sha256, caching),
      "content-type": content.media_type,
      "content-length": String(content.size),
      "content-security-policy": PICTURE_ONLY,
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
    },
  });
}

function widthOf(given: string | undefined): ImageWidth | undefined {
  if (given === undefined) return undefined;
  const width = /^\d{1,4}$/.test(given) ? Number(given) : Number.NaN;
  if (isImageWidth(width)) return width;
  const detail = `Pictures are offered ${IMAGE_WIDTHS.join(", ")} pixels wide.`;
  const { fix } = PROBLEMS["invalid-request"];
  throw new Problem("invalid-request", detail, {
    headers: ANYBODY,
    errors: [{ parameter: "w", code: "image-width", detail, fix }],
  });
}

function unknown(): Problem {
  return notFound("No picture with this name is in the registry.");
}

function notFound(detail: string): Problem {
  return new Problem("not-found", detail, { headers: ANYBODY });
}
