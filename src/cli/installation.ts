// The installation a verb works on: the API, in this process on its own database, or over HTTP with a key.
import { type App, createApp } from "../app.ts";
import { LOCAL_PRINCIPAL, type Principal } from "../auth.ts";
import type { Env } from "../env.ts";
import { drain } from "../jobs/drain.ts";
import type { Variables } from "../runtime/open.ts";
import { openHere } from "./here.ts";
import { type Call, Failure, UsageError } from "./verb.ts";

export interface ApiCall {
  readonly body?: unknown;
  /** A file in place of a JSON body. */
  readonly file?: { readonly mediaType: string; readonly bytes: Uint8Array<ArrayBuffer> };
  readonly headers?: Readonly<Record<string, string>>;
  /** For what is not an organization's: no organization is named. */
  readonly site?: boolean;
  /** The answer is a file: it comes as the member `bytes`. */
  readonly isFile?: boolean;
  /** The same of a file that may be too large to hold: it comes as the member `stream`. */
  readonly isStream?: boolean;
}

/** A JSON document as the API sent it. */
export type Document = Readonly<Record<string, unknown>>;

/** Path below /api/v1, as `/badges`. Throws a Failure in the words of the problem. */
export type Api = (method: string, path: string, call?: ApiCall) => Promise<Document>;

export interface Installation {
  /** Its origin, without a trailing slash. */
  readonly base: string;
  readonly api: Api;
  /**
   * Lets the work of a kind go on that waits in the outbox: does one piece of it here, or waits a
   * moment for whoever does it. Throws a Failure where it was given up.
   */
  goOn(kind: string): Promise<void>;
  close(): Promise<void>;
}

type Send = (path: string, init: RequestInit) => Promise<Response>;

/** The operator at this machine's terminal owns the database file: there is nothing to ask a key for. */
export const OPERATOR: Principal = {
  kind: "operator",
  id: "operator",
  organizationId: null,
  scopes: ["*"],
};

/** Opens what the options and the environment name, and hands it to `work`. */
export async function withInstallation(
  call: Call,
  work: (installation: Installation) => Promise<number>,
): Promise<number> {
  const installation = await connect(call);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

async function connect({ options, variables }: Call): Promise<Installation> {
  const url = options.text("url") ?? variables.ROSETTE_URL;
  const organization = options.text("organization");
  if (!url) return inProcess(variables, organization);
  const key = options.text("key") ?? variables.ROSETTE_KEY;
  if (!key) throw new UsageError("--url needs an API key: give --key, or set ROSETTE_KEY.");
  if (!URL.canParse(url))
    throw new UsageError("--url must be an address such as https://badges.example.org.");
  return overHttp(new URL(url).origin, key, organization);
}

function overHttp(origin: string, key: string, organization: string | undefined): Installation {
  const send: Send = async (path, init) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${key}`);
    try {
      return await fetch(`${origin}${path}`, { ...init, headers });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = cause instanceof Error ? cause.message : "unknown";
      const detail = `${origin} does not answer (${why}).`;
      throw new Failure(`${detail}\n  Check the address and the network.`, {
        code: "unreachable",
        detail,
      });
    }
  };
  return {
    base: origin,
    api: (method, path, call = {}) =>
      request(send, method, path, call, call.site ? undefined : organization),
    goOn: () => moment(),
    close: async () => {},
  };
}

async function inProcess(variables: Variables, named: string | undefined): Promise<Installation> {
  const { env, close } = await openHere(variables);
  const goOn = async (kind: string) => {
    const { HANDLERS } = await import("../work.ts");
    const handler = HANDLERS[kind];
    if (handler === undefined) throw new TypeError(`no job is of the kind ${kind}`);
    const { done, parked } = await drain(env, { [kind]: handler }, { limit: 1, concurrency: 1 });
    if (parked > 0) {
      const detail = "The work was given up after too many failures.";
      throw new Failure(detail, { code: "work-given-up", detail });
    }
    // Where a server runs on the same database, it may have taken it.
    if (done === 0) await moment();
  };
  return { base: env.urls.base, api: appApi(createApp(env), env, named), goOn, close };
}

const MOMENT_MS = 200;

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
}

/** The API of an app in this process; `organization` is looked for where it is not named. */
export function appApi(app: App, env: Pick<Env, "urls">, organization: string | undefined): Api {
  const send: Send = async (path, init) =>
    app.request(`${env.urls.base}${path}`, init, { [LOCAL_PRINCIPAL]: OPERATOR });
  let own = organization;
  return async (method, path, call = {}) => {
    if (!call.site) own ??= await onlyOrganization(send);
    return request(send, method, path, call, call.site ? undefined : own);
  };
}

/** The code of the failure that a database without organizations is, where one is needed. */
export const NO_ORGANIZATION = "no-organization";

async function onlyOrganization(send: Send): Promise<string> {
  const { data } = await request(send, "GET", "/organizations?limit=100", {}, undefined);
  const slugs = Array.isArray(data) ? data.map((item: Document) => String(item.slug)) : [];
  const [only] = slugs;
  if (only === undefined) {
    throw new Failure(
      "There is no organization yet.\n  Make one: rosette organization create --name … --website … --email …",
      { code: NO_ORGANIZATION, detail: "There is no organization yet." },
    );
  }
  if (slugs.length > 1) {
    throw new UsageError(
      `There are several organizations; name one with --organization: ${slugs.join(", ")}.`,
    );
  }
  return only;
}

async function request(
  send: Send,
  method: string,
  path: string,
  call: ApiCall,
  organization: string | undefined,
): Promise<Document> {
  const headers = new Headers(call.headers);
  headers.set("accept", "application/json");
  if (organization !== undefined) headers.set("rosette-organization", organization);
  const init: RequestInit = { method, headers };
  if (call.file) {
    headers.set("content-type", call.file.mediaType);
    init.body = call.file.bytes;
  } else if (call.body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(call.body);
  }
  const response = await send(`/api/v1${path}`, init);
  if (response.ok && call.isFile) return { bytes: new Uint8Array(await response.arrayBuffer()) };
  if (response.ok && call.isStream) return { stream: response.body };
  const text = await response.text();
  const document = parsed(text);
  if (response.ok && (document !== null || text === "")) return document ?? {};
  throw refused(response.status, document);
}

function parsed(text: string): Document | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Document) : null;
  } catch {
    return null;
  }
}

/** The problem's own words: what it is, what happened, each field, what to do. */
function refused(status: number, problem: Document | null): Failure {
  if (problem === null || typeof problem.title !== "string") {
    const detail = `The answer (HTTP ${status}) is not one of this API's. Check the address.`;
    return new Failure(detail, { code: "not-this-api", detail });
  }
  const lines = [`${problem.title}: ${problem.detail}`];
  const errors = Array.isArray(problem.errors) ? (problem.errors as Document[]) : [];
  for (const { pointer, parameter, detail, fix } of errors) {
    lines.push(`  ${pointer ?? parameter ?? ""}  ${detail} ${fix ?? ""}`.trimEnd());
  }
  if (errors.length === 0) lines.push(`  ${problem.fix}`);
  return new Failure(lines.join("\n"), problem);
}
