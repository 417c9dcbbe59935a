// Metrics over the API: what events may name, and criteria ask for.
import { z } from "@hono/zod-openapi";
import { knownMetrics } from "../issuer/criteria/metrics.ts";
import { inLanguage } from "../issuer/criteria/wording.ts";
import { deleteMetric, findOwnMetric, metricNameTaken, registerMetric } from "../issuer/metric.ts";
import { Problem } from "../problem.ts";
import { line, rule } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";

const TAG = "Metrics";
const MAX_METRIC_NAME = 64;
const KINDS = ["count", "sum", "state"] as const;

const name = z
  .string()
  .min(1)
  .max(MAX_METRIC_NAME)
  .refine(
    (text) => /^[a-z][a-z0-9_]*$/.test(text),
    rule(
      "metric_name_format",
      "This must be a name in lower case.",
      "Begin with a letter; then letters a to z, digits and underscores.",
    ),
  );

const creation = z
  .strictObject({ name, kind: z.enum(KINDS), label: line(100) })
  .openapi("NewMetric");

const shown = z
  .object({
    name: z.string(),
    kind: z.enum(KINDS).openapi({
      description:
        "Of a count quantities are whole numbers; a sum adds up any; a state starts and ends",
    }),
    label: z.string().openapi({
      description: "Of those that are always there in English, or in German by Accept-Language.",
    }),
  })
  .openapi("Metric");

const listed = z.object({ data: z.array(shown) });

export const metricOperations: readonly Operation[] = [
  operation({
    id: "listMetrics",
    method: "get",
    path: "/metrics",
    tag: TAG,
    summary: "List what is counted",
    description: "The metrics that are always there, and the organization's own; by name.",
    scope: "badges:read",
    answers: [{ status: 200, description: "All metrics.", schema: listed }],
    async handle({ env, organizationId, language }) {
      const metrics = await knownMetrics(env.db, organizationId);
      const data = [...metrics].map(([known, { kind, label }]) => ({
        name: known,
        kind,
        label: inLanguage(label, language),
      }));
      data.sort((a, b) => (a.name < b.name ? -1 : 1));
      return { status: 200, body: { data } satisfies z.input<typeof listed> };
    },
  }),
  operation({
    id: "createMetric",
    method: "post",
    path: "/metrics",
    tag: TAG,
    summary: "Count something else",
    description: "Events may name it from then on, and criteria ask for it.",
    scope: "badges:write",
    body: creation,
    example: { name: "pages_translated", kind: "sum", label: "Pages translated" },
    problems: ["metric-name-taken"],
    answers: [{ status: 201, description: "The metric.", schema: shown }],
    async handle({ env, organizationId, body, principal }) {
      const { metric, writes } = registerMetric(env, organizationId, body, principal);
      return {
        status: 201,
        body: { name: metric.name, kind: metric.kind, label: metric.label },
        writes,
        refused(error) {
          if (error.code === "unique") throw metricNameTaken(metric.name);
          return null;
        },
      };
    },
  }),
  operation({
    id: "deleteMetric",
    method: "delete",
    path: "/metrics/{name}",
    tag: TAG,
    summary: "Stop counting something that nothing was counted of",
    description: "What has been counted stays: then, and while a badge asks for it, it is refused.",
    scope: "badges:write",
    params: z.strictObject({ name: z.string().min(1).max(MAX_METRIC_NAME) }),
    problems: ["metric-in-use"],
    answers: [{ status: 204, description: "It is gone." }],
    async handle({ env, organizationId, params, principal, expectUnchanged }) {
      const metric = await findOwnMetric(env, organizationId, params.name);
      if (metric === null) {
        throw new Problem("not-found", "The organization has no metric of its own of this name.");
      }
      await expectUnchanged({ name: metric.name, kind: metric.kind, label: metric.label });
      return { status: 204, writes: await deleteMetric(env, metric, principal) };
    },
  }),
];
