// The status object that every answer of the API has, and how a refusal becomes one (Open Badges 2.1, section Status).

export type StatusText =
  | "OK"
  | "REQUEST_VALIDATION_ERROR"
  | "RECIPIENT_PROFILE_MISMATCH"
  | "INVALID_BADGE"
  | "BAD_REQUEST"
  | "UNAUTHENTICATED"
  | "PERMISSION_DENIED"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED";

type Headers_ = Readonly<Record<string, string>>;

/** Readable by scripts of any site: access is a token's, never a cookie's. */
const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Link, Retry-After, WWW-Authenticate, X-Total-Count",
} as const;

/** 200, with what the call gives beside its status. `error` is null, as in the prose (OB21-E-03). */
export function success(members: object = {}, headers: Headers_ = {}): Response {
  const status = { error: null, statusCode: 200, statusText: "OK" satisfies StatusText };
  return answer(200, { ...members, status }, headers);
}

/** A refusal that says what to correct; thrown anywhere, answered in one place. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** Null for a status that the standard has no word for (OB21-E-05). */
  readonly statusText: StatusText | null;
  readonly headers: Headers_;

  constructor(
    status: number,
    statusText: StatusText | null,
    message: string,
    headers: Headers_ = {},
  ) {
    super(message);
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
  }
}

/** A refusal as the answer it becomes. */
export function refused({ status, statusText, message, headers }: Refusal): Response {
  const text = statusText === null ? {} : { statusText };
  return answer(status, { status: { error: message, statusCode: status, ...text } }, headers);
}

function answer(status: number, body: object, headers: Headers_): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...HEADERS, ...headers } });
}

/** Lets a script of any site send what the API takes (Fetch, section CORS protocol). */
export function preflight(methods: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": methods,
      "access-control-allow-headers": "Accept, Authorization, Content-Type",
      "access-control-max-age": "86400",
    },
  });
}
