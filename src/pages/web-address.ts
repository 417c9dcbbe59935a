// How pages write web addresses.

/** An address of this installation as a path, so that it works under whatever name it was reached. */
export function here(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

/** The name of the host, for people; the whole text where it is not an address. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host || address : address;
}
