// What `/healthz` and `/readyz` say, whoever sends it: the app, or the socket before the app is loaded.

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The process answers. */
export const ALIVE = healthAnswer(200, { status: "ok" });

/** `failing` is why no work can be taken, in a word; null when it can. */
export function readinessAnswer(failing: string | null): HealthAnswer {
  return failing === null
    ? healthAnswer(200, { status: "ready" })
    : healthAnswer(503, { status: "unready", reason: failing });
}

function healthAnswer(status: 200 | 503, document: Record<string, string>): HealthAnswer {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify(document),
  };
}
