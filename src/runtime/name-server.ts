// Asks the name servers of this machine for every address of a name.
import { NODATA, NOTFOUND, Resolver } from "node:dns/promises";
import { DialFailure } from "../net/dial.ts";

/** Every address a name has now; none where there is no such name. Rejects with DialFailure. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** What one name server may take before it is asked again, or the next one is. */
const NAME_TIMEOUT_MS = 2_000;
const NAME_TRIES = 2;

/**
 * The hosts file has no part in it: what is public is not written there, and the resolver that reads
 * it blocks a thread that signing needs. `servers` stands in for those the machine is set up with.
 */
export function nameServer(servers?: readonly string[]): Resolve {
  return async (name) => {
    const resolver = new Resolver({ timeout: NAME_TIMEOUT_MS, tries: NAME_TRIES });
    if (servers) resolver.setServers(servers);
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) =>
      answer.status === "fulfilled" ? answer.value : [],
    );
    if (addresses.length > 0) return addresses;
    for (const answer of answers) {
      if (answer.status === "rejected" && ![NOTFOUND, NODATA].includes(answer.reason?.code)) {
        throw new DialFailure("unreachable", { cause: answer.reason });
      }
    }
    return [];
  };
}
