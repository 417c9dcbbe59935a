// The API's documentation as a page: made of the OpenAPI document, and readable without script.
import type { Child } from "hono/jsx";
import type { OpenApiDocument } from "./document.ts";
import { type FieldLine, fieldLines, kindOf, type Schema } from "./schema-fields.ts";

type PathItem = NonNullable<OpenApiDocument["paths"]>[string];
type OperationObject = NonNullable<PathItem["get"]>;

interface Shown {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

function shownOperations(document: OpenApiDocument): Shown[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method: method.toUpperCase(), path, operation }] : [];
    }),
  );
}

export function ApiDocs({ document }: { document: OpenApiDocument }) {
  const operations = shownOperations(document);
  const tags = (document.tags ?? []).map(({ name }) => ({
    name,
    operations: operations.filter(({ operation }) => operation.tags?.includes(name)),
  }));
  return (
    <div class="sheet">
      <div class="pad stack">
        <h1>{document.info.title} API</h1>
        {(document.info.description ?? "").split("\n\n").map((paragraph) => (
          <p>
            <Words text={paragraph} />
          </p>
        ))}
        <p class="roomy">
          For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). What each error
          means: <a href="/problems">all problems</a>.
        </p>
        <nav aria-label="Operations">
          <ul class="plain-list docs-index">
            {tags.map((tag) => (
              <li>
                <a href={`#${anchorOf(tag.name)}`}>{tag.name}</a>
                <ul class="plain-list">
                  {tag.operations.map(({ operation }) => (
                    <li>
                      <a href={`#${operation.operationId}`}>{operation.summary}</a>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </nav>
        {tags.map((tag) => (
          <section class="stack roomy">
            <h2 id={anchorOf(tag.name)}>{tag.name}</h2>
            {tag.operations.map((shown) => (
              <Operation document={document} shown={shown} />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

function Operation({ document, shown }: { document: OpenApiDocument; shown: Shown }) {
  const { method, path, operation } = shown;
  return (
    <article class="stack">
      <h3 id={operation.operationId}>{operation.summary}</h3>
      <p>
        <code>
          {method} {path}
        </code>
      </p>
      <p class="soft small">
        {scopeOf(operation) === "" ? (
          "No key is needed"
        ) : (
          <>
            Scope <code>{scopeOf(operation)}</code>
          </>
        )}
      </p>
      {operation.description ? (
        <p>
          <Words text={operation.description} />
        </p>
      ) : null}
      <pre tabindex={0}>{curlOf(document, shown)}</pre>
      <Parameters document={document} operation={operation} />
      <Body document={document} operation={operation} />
      <Answers document={document} operation={operation} />
    </article>
  );
}

function Parameters({ document, operation }: Parts) {
  const lines = (operation.parameters ?? []).flatMap((parameter) =>
    "$ref" in parameter
      ? []
      : [
          {
            name: parameter.name,
            kind: `${parameter.in}, ${kindOf(document, parameter.schema ?? {})}`,
            required: parameter.required === true,
            note: parameter.description ?? "",
          },
        ],
  );
  if (lines.length === 0) return null;
  return (
    <Fold title="Parameters">
      <Lines lines={lines} />
    </Fold>
  );
}

interface Parts {
  readonly document: OpenApiDocument;
  readonly operation: OperationObject;
}

function Body({ document, operation }: Parts) {
  const content = contentOf(operation.requestBody);
  if (content.length === 0) return null;
  return (
    <Fold title="Body">
      {content.map(({ type, schema }) => (
        <>
          <p>
            <code>{type}</code>
          </p>
          <Lines lines={fieldLines(document, schema)} />
        </>
      ))}
    </Fold>
  );
}

function Answers({ document, operation }: Parts) {
  return (
    <Fold title="Answers">
      {Object.entries(operation.responses ?? {}).map(([status, response]) => (
        <>
          <p>
            <strong>{status}</strong>{" "}
            <Words text={String(response.description ?? "")} linked={Number(status) >= 400} />
          </p>
          {contentOf(response)
            .filter(({ type }) => type === "application/json")
            .map(({ schema }) => (
              <Lines lines={fieldLines(document, schema).map(withoutDuty)} />
            ))}
        </>
      ))}
    </Fold>
  );
}

/** That a member is required is news for those who send it, not for those who get it. */
function withoutDuty(line: FieldLine): FieldLine {
  return { ...line, required: false };
}

function Fold({ title, children }: { title: string; children: Child }) {
  return (
    <details>
      <summary>{title}</summary>
      <div class="stack">{children}</div>
    </details>
  );
}

function Lines({ lines }: { lines: readonly FieldLine[] }) {
  if (lines.length === 0) return null;
  return (
    <dl class="facts">
      {lines.map(({ name, kind, required, note }) => (
        <>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            {required ? <strong>required </strong> : null}
            {kind}
            {note === "" ? null : (
              <>
                . <Words text={note} />
              </>
            )}
          </dd>
        </>
      ))}
    </dl>
  );
}

/** Text with code between backticks; with `linked`, codes of problems open their pages. */
function Words({ text, linked = false }: { text: string; linked?: boolean }) {
  return (
    <>
      {text.split("`").map((part, i) => {
        if (i % 2 === 0) return part;
        return linked ? (
          <a href={`/problems/${part}`}>
            <code>{part}</code>
          </a>
        ) : (
          <code>{part}</code>
        );
      })}
    </>
  );
}

function anchorOf(tag: string): string {
  return `tag-${tag.toLowerCase().replaceAll(" ", "-")}`;
}

function scopeOf(operation: OperationObject): string {
  return operation.security?.flatMap((one) => Object.values(one).flat()).join(", ") ?? "";
}

interface Content {
  readonly type: string;
  readonly schema: Schema;
  readonly example: unknown;
}

function contentOf(from: unknown): Content[] {
  const content = (from as { content?: Record<string, { schema?: Schema; example?: unknown }> })
    ?.content;
  return Object.entries(content ?? {}).map(([type, { schema = {}, example }]) => ({
    type,
    schema,
    example,
  }));
}

/** A call that works once the words in capitals are replaced. */
export function curlOf(document: OpenApiDocument, { method, path, operation }: Shown): string {
  const base = document.servers?.[0]?.url ?? "";
  const address = `${base}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase())}`;
  const lines = [
    `curl${method === "GET" ? "" : ` -X ${method}`} ${address}`,
    `-H "Authorization: Bearer $ROSETTE_KEY"`,
  ];
  const [first] = contentOf(operation.requestBody);
  if (method === "POST") lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
  if (first?.type === "application/json") {
    lines.push(`-H "Content-Type: application/json"`);
    const body = JSON.stringify(first.example ?? {}, null, 2).replaceAll("'", "'\\''");
    lines.push(`-d '${body.replaceAll("\n", "\n    ").replace(/\s+\}$/, "\n  }")}'`);
  } else if (first) {
    lines.push(`-H "Content-Type: ${first.type}"`, "--data-binary @badge.png");
  }
  return lines.join(" \\\n  ");
}
