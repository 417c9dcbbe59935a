// The public fetch of a Node process; the dial is loaded with the first address that is asked.
import type { Config } from "../config.ts";
import { createPublicFetch, type PublicFetch, userAgent } from "../net/public-fetch.ts";
import { ownLoopbackOrigins } from "../net/public-url.ts";
import { deadlineIn } from "./deadline.ts";
import { nameServer } from "./name-server.ts";
import type { Dialer } from "./public-dispatcher.ts";

export interface NodePublicFetch {
  readonly publicFetch: PublicFetch;
  readonly loopbackOrigins: readonly string[];
  close(): Promise<void>;
}

/** `neighbours` are origins on this machine that may be asked, besides a local server's own. */
export function openPublicFetch(
  config: Pick<Config, "publicUrl"> & Partial<Pick<Config, "oidc">>,
  neighbours: readonly string[] = [],
): NodePublicFetch {
  const loopbackOrigins = [
    ...ownLoopbackOrigins(config.publicUrl),
    ...neighbours,
    // The operator named it: an OpenID provider on this machine, for trying things out.
    ...(config.oidc ? [new URL(config.oidc.issuer).origin] : []),
  ];
  let opening: Promise<Dialer> | undefined;
  const open = async (): Promise<Dialer> => {
    const { connectSocket, createDialer } = await import("./public-dispatcher.ts");
    return createDialer({ resolve: nameServer(), connect: connectSocket, loopbackOrigins });
  };
  return {
    publicFetch: createPublicFetch({
      dial: async (request) => {
        opening ??= open();
        return (await opening).dial(request);
      },
      deadline: deadlineIn,
      userAgent: userAgent(config.publicUrl),
      loopbackOrigins,
    }),
    loopbackOrigins,
    async close() {
      await (await opening)?.close();
    },
  };
}
