// Answers `/healthz` and `/readyz` on Node without the app: whoever watches a server asks for nothing else.
import type { RequestListener, ServerResponse } from "node:http";
import type { Env } from "../env.ts";
import { ALIVE, type HealthAnswer, readinessAnswer } from "../health-answer.ts";

/** Answers as the app's own routes do; every other address, and every other method, is for `rest`. */
export function healthDoor(readiness: Env["readiness"], rest: RequestListener): RequestListener {
  return (request, response) => {
    const { url, method } = request;
    if ((url !== "/readyz" && url !== "/healthz") || (method !== "GET" && method !== "HEAD")) {
      rest(request, response);
    } else if (url === "/healthz") {
      send(response, method, ALIVE);
    } else {
      readiness().then(
        (failing) => send(response, method, readinessAnswer(failing)),
        // The app asks again, and says what went wrong.
        () => rest(request, response),
      );
    }
  };
}

function send(response: ServerResponse, method: string, answer: HealthAnswer): void {
  const { status, headers, body } = answer;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(method === "HEAD" ? undefined : body);
}
