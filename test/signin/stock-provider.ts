// A stock OpenID provider on a socket of its own, and a person's way through its pages.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export const CLIENT = { clientId: "rosette", clientSecret: "a secret of this test alone" };

/** Who has which claims; anybody else signs in without any address. */
const ACCOUNTS: Readonly<Record<string, Record<string, unknown>>> = {
  kim: { email: "Kim@example.org", email_verified: true },
  lee: { email: "lee@example.org", email_verified: false },
  mo: { email: "mo@example.org" },
  word: { email: "word@example.org", email_verified: "false" },
};

export interface StockProvider {
  readonly issuer: string;
  /** Requests for tokens so far: none may be made where a check comes before it. */
  tokenRequests(): number;
  /** Goes through the provider's pages as an account; resolves to where it leads back to. */
  goThrough(address: string, login: string): Promise<string>;
  /** Presses the button that leads back without signing in. */
  decline(address: string): Promise<string>;
  close(): Promise<void>;
}

export async function startStockProvider(redirectUri: string): Promise<StockProvider> {
  let tokenRequests = 0;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    cookies: { keys: ["a key that only this test has"] },
    pkce: { required: () => true },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) }),
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/token")) tokenRequests++;
    void answer(request, response);
  });
  return {
    issuer,
    tokenRequests: () => tokenRequests,
    goThrough: (address, login) => walk(issuer, address, { login, password: "any" }),
    decline: (address) => walk(issuer, address, null),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Follows redirects and sends the form of each page, until an address is somebody else's. */
async function walk(
  issuer: string,
  address: string,
  login: Record<string, string> | null,
): Promise<string> {
  const jar = new Map<string, string>();
  let at = address;
  let form: Record<string, string> | null = null;
  for (let step = 0; step < 20; step++) {
    const response: Response = await fetch(at, {
      redirect: "manual",
      headers: { cookie: [...jar].map((pair) => pair.join("=")).join("; ") },
      ...(form === null ? {} : { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
      jar.set(name, value);
    }
    const location = response.headers.get("location");
    if (location !== null) {
      at = new URL(location, at).href;
      form = null;
      if (!at.startsWith(issuer)) return at;
      continue;
    }
    const page = await response.text();
    const next = (login === null ? /href="([^"]*\/abort)"/ : /action="([^"]+)"/).exec(page)?.[1];
    if (next === undefined) throw new Error(`${response.status}: ${page}`);
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? "";
    at = new URL(next, at).href;
    form = login === null ? null : { prompt, ...(prompt === "login" ? login : {}) };
  }
  throw new Error("it leads nowhere");
}
