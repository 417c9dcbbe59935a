// What the command line says where a backpack, or a person, is not what it was told.
import type { SiteFault } from "../backpack/site.ts";
import { printable } from "./printable.ts";
import { Failure } from "./verb.ts";

/** What happened and what to do, with the fault's own code. */
export function siteFailure({ reason, detail, fix, backpackId }: SiteFault): Failure {
  return new Failure(`${printable(detail)}\n  ${fix}`, {
    code: reason,
    detail,
    fix,
    ...(backpackId === null ? {} : { backpack: backpackId }),
  });
}

/** Of an address that nobody has confirmed. */
export function unknownAddress(email: string): Failure {
  const detail = `Nobody here has confirmed the address ${printable(email)}.`;
  return new Failure(detail, { code: "not-found", detail });
}
