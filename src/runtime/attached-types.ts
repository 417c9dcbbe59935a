// What stands in a Worker for nodemailer's table of media types: every attachment says its own type and name.

/** Of a file whose type nobody said: RFC 2046, section 4.5.1. */
export function detectMimeType(): string {
  return "application/octet-stream";
}

/** Of a file whose name nobody said. */
export function detectExtension(): string {
  return "bin";
}
