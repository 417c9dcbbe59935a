// The image registry over the API: pictures that badges and organizations refer to.
import { z } from "@hono/zod-openapi";
import { type ImageFacts, listImages } from "../db/images.ts";
import type { Env } from "../env.ts";
import { audited } from "../issuer/audit.ts";
import { admitImage } from "../issuer/images.ts";
import { contrastWarnings } from "../issuer/picture-contrast.ts";
import { Problem } from "../problem.ts";
import { formOf } from "../request-body.ts";
import { invalid } from "./faults.ts";
import { idParam, instant, time } from "./fields.ts";
import { type Operation, operation, type Upload, uploadOperation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const shown = z
  .object({
    id: z.string(),
    name: z.string(),
    media_type: z.enum(["image/png", "image/svg+xml"]),
    width: z.int(),
    height: z.int(),
    size: z.int().openapi({ description: "Bytes" }),
    sha256: z.string(),
    url: z.string().openapi({ description: "Where anyone can fetch it" }),
    origin: z.enum(["upload", "generated"]),
    created_at: time(),
  })
  .openapi("Image");

const admitted = shown
  .extend({
    warnings: z
      .array(z.object({ code: z.string(), detail: z.string() }))
      .openapi({ description: "What was changed, or may look worse than meant" }),
  })
  .openapi("AdmittedImage");

function show(env: Env, { image, size, width, height }: ImageFacts): z.input<typeof shown> {
  return {
    id: image.id,
    name: image.name,
    media_type: image.media_type,
    width,
    height,
    size,
    sha256: image.sha256,
    url: env.urls.image(image.sha256, image.media_type),
    origin: image.origin,
    created_at: instant(image.created_at),
  };
}

interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function fileOf(upload: Upload, name: string | undefined): Promise<NamedFile> {
  if (upload.mediaType !== "multipart/form-data") {
    return { name: name ?? "", bytes: upload.bytes };
  }
  const file = (await formOf(upload)).get("file");
  if (!(file instanceof File)) {
    throw invalid([
      {
        pointer: "/file",
        code: "required",
        detail: "The form has no file part called `file`.",
        fix: "Send the picture as the part `file`: curl -F file=@badge.png …",
      },
    ]);
  }
  return { name: name ?? file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

export const imageOperations: readonly Operation[] = [
  operation({
    id: "listImages",
    method: "get",
    path: "/images",
    tag: "Images",
    summary: "List pictures",
    description: "In no particular order, which stays the same.",
    scope: "images:read",
    query: pageQuery,
    answers: [{ status: 200, description: "A page of pictures.", schema: pageOf(shown) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const rows = await listImages(env.db, organizationId, query);
      return pageAnswer(
        call,
        rows,
        ({ image }) => image.id,
        (row) => show(env, row),
      );
    },
  }),
  uploadOperation({
    id: "uploadImage",
    method: "post",
    path: "/images",
    tag: "Images",
    summary: "Upload a PNG or SVG",
    description:
      "Send the file itself, or a form with the part `file`. The same picture twice is one picture.",
    scope: "images:write",
    uploads: ["image/png", "image/svg+xml", "multipart/form-data"],
    query: z.strictObject({
      name: z.string().min(1).max(255).optional().openapi({ description: "The file's name." }),
    }),
    problems: [
      "form-malformed",
      "image-too-large",
      "image-not-supported",
      "image-dimensions",
      "image-unreadable",
      "png-malformed",
      "png-too-many-chunks",
      "svg-malformed",
      "svg-entities",
      "svg-active-content",
      "svg-external-reference",
      "svg-too-deep",
      "svg-too-complex",
    ],
    answers: [
      { status: 201, description: "The picture.", schema: admitted },
      { status: 200, description: "It was there already.", schema: admitted },
    ],
    async handle({ env, organizationId, principal, query, upload }) {
      const file = await fileOf(upload, query.name);
      const { image, size, width, height, writes, warnings } = await admitImage(
        env,
        organizationId,
        { ...file, pointer: "" },
      );
      const { media_type: mediaType } = image;
      const seen = await contrastWarnings(env.images, { mediaType, bytes: file.bytes });
      const body = {
        ...show(env, { image, size, width, height }),
        warnings: [...warnings, ...seen],
      };
      if (writes.length === 0) return { status: 200, body };
      const entry = audited(env, {
        organizationId,
        actor: principal,
        action: "image.uploaded",
        object: ["image", image.id],
      });
      const headers = { location: `/api/v1/images/${image.id}` };
      return { status: 201, body, headers, writes: [entry, ...writes] };
    },
  }),
  operation({
    id: "getImage",
    method: "get",
    path: "/images/{id}",
    tag: "Images",
    summary: "Read about a picture",
    description: "Its bytes are at `url`.",
    scope: "images:read",
    params: idParam,
    answers: [{ status: 200, description: "What is known of it.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const [row] = await listImages(env.db, organizationId, { limit: 0, id: params.id });
      if (!row) throw new Problem("not-found", "There is no such picture in this registry.");
      return { status: 200, body: show(env, row), tagged: true };
    },
  }),
];
