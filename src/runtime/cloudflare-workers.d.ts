// The part of Cloudflare's own module that the Worker uses.
declare module "cloudflare:workers" {
  /** Keeps the isolate at work after the response was sent. */
  export function waitUntil(work: Promise<unknown>): void;
}
