// From options on the command line to members of a request's body.
import type { Options } from "./verb.ts";

/** Only what was given; `date-of-birth` becomes `date_of_birth`. */
export function given(options: Options, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = options.text(name);
      return value === undefined ? [] : [[name.replaceAll("-", "_"), value]];
    }),
  );
}
