// The configuration every test starts from.
import { type Config, readConfig } from "../../src/config.ts";
import { type PublicFetch, refused } from "../../src/net/public-fetch.ts";

export function testConfig(given: { publicUrl: string; dataDir: string }): Promise<Config> {
  return readConfig(
    { PUBLIC_URL: given.publicUrl, DATA_DIR: given.dataDir, LOG_LEVEL: "debug", DEMO: "false" },
    () => "a secret that only tests know, long enough",
  );
}

/** No test leaves the machine: one that needs answers hands in its own `publicFetch`. */
export const refuseAll: PublicFetch = async (url) => refused("unreachable", url);
