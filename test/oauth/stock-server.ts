// A stock oidc-provider on a socket of its own, with a Badge Connect manifest and one protected address beside it.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { SCOPES } from "../../src/oauth/scopes.ts";

export interface StockServer {
  readonly origin: string;
  readonly provider: Provider;
  /** Method and path of everything it was asked, oldest first. */
  readonly asked: string[];
  /** The manifest it serves; members may be replaced. */
  readonly entry: Record<string, unknown>;
  close(): Promise<void>;
}

export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Everything is as the library has it, but that it registers, rotates, and knows our scopes. */
export async function startStockServer(lifeSeconds = 3_600): Promise<StockServer> {
  const asked: string[] = [];
  const server = createServer();
  const origin = await listening(server);
  const provider = new Provider(origin, {
    scopes: ["openid", "offline_access", SCOPES.create, SCOPES.read],
    cookies: { keys: ["a key that only this test has"] },
    features: { registration: { enabled: true }, revocation: { enabled: true } },
    ttl: { AccessToken: lifeSeconds },
    rotateRefreshToken: true,
    pkce: { required: () => true },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  const entry: Record<string, unknown> = {
    name: "Stock",
    apiBase: `${origin}/ims/ob/v2p1`,
    version: "v2p1",
    termsOfServiceUrl: `${origin}/terms`,
    privacyPolicyUrl: `${origin}/privacy`,
    scopesOffered: [SCOPES.create, SCOPES.read, SCOPES.profile],
    registrationUrl: `${origin}/reg`,
    authorizationUrl: `${origin}/auth`,
    tokenUrl: `${origin}/token`,
    tokenRevocationUrl: `${origin}/token/revocation`,
  };
  const oidc = provider.callback();
  server.on("request", (request, response) => {
    const path = new URL(request.url ?? "/", origin).pathname;
    asked.push(`${request.method} ${path}`);
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (path === "/.well-known/badgeconnect.json") {
      answer(200, { id: `${origin}${path}`, badgeConnectAPI: [entry] });
    } else if (path === "/ims/ob/v2p1/assertions") {
      const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
      void provider.AccessToken.find(token).then((found) =>
        answer(found ? 200 : 401, { account: found?.accountId ?? null, scope: found?.scope }),
      );
    } else {
      void oidc(request, response);
    }
  });
  return {
    origin,
    provider,
    asked,
    entry,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
