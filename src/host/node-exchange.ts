// Hands a web Request to a handler written for Node's server, and its answer back: no socket, the same on both runtimes.
import { FetchIncomingMessage, toFetchResponse, toReqRes } from "fetch-to-node";

type Exchange = ReturnType<typeof toReqRes>;

export type NodeHandler = (req: Exchange["req"], res: Exchange["res"]) => unknown;

/** Node's handlers ask the socket whether the way to it is encrypted. */
class Incoming extends FetchIncomingMessage {
  private readonly end: { readonly encrypted: boolean };

  constructor(encrypted: boolean) {
    super();
    this.end = { encrypted };
  }

  override get socket() {
    return this.end;
  }

  override set socket(_socket: unknown) {
    throw new TypeError("there is no socket");
  }
}

/** As Node's server would hand a request over, with the headers that a Request does not show. */
export function nodeExchange(request: Request): Exchange {
  const url = new URL(request.url);
  const exchange = toReqRes(request, {
    createIncomingMessage: () => new Incoming(url.protocol === "https:"),
  });
  exchange.req.headers.host = url.host;
  if (request.body !== null) exchange.req.headers["transfer-encoding"] = "chunked";
  return exchange;
}

/** The whole answer, read to its end, so that nothing of the exchange outlives it. */
export async function answerOf(request: Request, handler: NodeHandler): Promise<Response> {
  const { req, res } = nodeExchange(request);
  const [answer] = await Promise.all([toFetchResponse(res), handler(req, res)]);
  const { status, headers } = answer;
  const empty = status === 204 || status === 304 || answer.body === null;
  return new Response(empty ? null : await answer.arrayBuffer(), { status, headers });
}
