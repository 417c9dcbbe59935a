// The job that runs an import, some slices at a time.
import { importJob } from "../issuer/import.ts";
import { runImport } from "../issuer/import-run.ts";
import { enqueue, type Handler, JobFailure } from "../jobs/outbox.ts";
import { importReader } from "./import-reader.ts";

export const importHandler: Handler = async (env, job) => {
  const { organization_id: organizationId, payload } = job;
  const id = payload.import;
  if (organizationId === null || typeof id !== "string") {
    throw new JobFailure("import_not_named", { permanent: true });
  }
  const isLeft = await runImport(env, organizationId, id, importReader);
  return isLeft ? [enqueue(env, importJob(organizationId, id))] : [];
};
