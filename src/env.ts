// What the program is given by the runtime it runs on: every clock, random byte, database and engine.
import type { Config } from "./config.ts";
import type { Database } from "./db/database.ts";
import type { Log } from "./log.ts";
import type { PublicFetch } from "./net/public-fetch.ts";
import type { Misbehaviour } from "./simulator/misbehaviour.ts";
import type { Urls } from "./urls.ts";

/** Built once per process by an entry file in `runtime/`; tests build their own. */
export interface Env {
  readonly config: Config;
  readonly db: Database;
  /** Every public address, minted from `config.publicUrl`. */
  readonly urls: Urls;
  readonly images: ImageEngine;
  readonly log: Log;
  /** The one way to ask an address that somebody else wrote: bounded, and to public hosts only. */
  readonly publicFetch: PublicFetch;
  /** Origins on this machine that `publicFetch` asks too, over http; none where absent. */
  readonly loopbackOrigins?: readonly string[];
  /** Absent where no mail server is set and this is no demo. */
  readonly mail?: Mail;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: () => number;
  /** That many bytes from a cryptographically secure source. */
  readonly random: (bytes: number) => Uint8Array<ArrayBuffer>;
  /** Resolves after so many milliseconds, for whoever waits for what another process does. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /**
   * Whether anybody is connected who may wait for this process; absent where nobody is, or where
   * others' requests do not wait for it.
   */
  readonly isVisited?: () => boolean;
  /** Absent where WebCrypto is the only way. */
  readonly rs256?: Rs256;
  /** Absent where WebCrypto is the only way. */
  readonly readRsaKey?: ReadRsaKey;
  /** Lets work outlive the response that started it (`waitUntil` on Workers). */
  readonly background: (work: Promise<unknown>) => void;
  /** Only in the demo's backpack: the faults it was told to have. */
  readonly misbehaviour?: Misbehaviour;
  /** Null when work can be taken, else why not, in a word: `stopping`, `database`, `schema`. */
  readonly readiness: () => Promise<string | null>;
}

/** Where mails go. */
export interface Mail {
  /** Never rejects for what a mail server does. */
  send(message: MailMessage): Promise<MailResult>;
  /**
   * The same for many mails in a row, over connections that stay open until it is closed. Absent
   * where there are no connections.
   */
  open?(): OpenMail;
  /**
   * Connects, proves who we are and sends nothing: null when all is well, else why not. Absent where
   * there is no server.
   */
  check?(): Promise<MailFault | null>;
}

export interface OpenMail extends Pick<Mail, "send"> {
  close(): void;
}

export interface MailMessage {
  /** One address, without a name; it has passed `isEmail`. */
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The left side of the Message-ID: a mail that is sent again has the same. */
  readonly id: string;
  /** BCP 47; English unless given. */
  readonly language?: string;
  readonly attachments?: readonly MailAttachment[];
}

export interface MailAttachment {
  /** A file's name, without a folder. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type MailResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: MailFault;
      /** Sending the same again cannot help. */
      readonly permanent: boolean;
    };

export type MailFault =
  | "mail-refused"
  | "mail-deferred"
  | "mail-server-unreachable"
  | "mail-credentials-refused"
  | "mail-tls-failed"
  | "mail-failed";

/**
 * RS256 (RFC 7518, section 3.3) with a private JWK, off the event loop: the key is read once, and
 * what comes back signs bytes with it.
 */
export type Rs256 = (
  privateJwk: string,
) => (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * An RSA public key from the DER of a SubjectPublicKeyInfo (RFC 3279, section 2.3.1); null for
 * anything else, keys for RSA-PSS alone included. Never throws.
 */
export type ReadRsaKey = (spki: Uint8Array<ArrayBuffer>) => RsaKey | null;

export interface RsaKey {
  readonly bits: number;
  /**
   * Whether this key signed a text by RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2), off the event
   * loop wherever others wait for it. The text is ASCII, the signature base64url. Never rejects.
   */
  verify(hash: RsaHash, text: string, signature: string): Promise<boolean>;
}

export type RsaHash = "sha256" | "sha384" | "sha512";

/** Turns pictures into other pictures; what no pure function can do. */
export interface ImageEngine {
  /** Whether this runtime can rasterise at all. */
  readonly available: boolean;
  /**
   * A PNG of `width` by `height` pixels (a square where no height is given), transparent where the
   * source does not fill it. The source must have passed the bakery's inspection, or be our own.
   */
  rasterise(source: Picture, width: number, height?: number): Promise<RasteriseResult>;
  /** The wide picture of a link as an SVG that needs no fonts; absent where nothing is rasterised. */
  card?(card: ShareCard): Promise<string>;
}

/** What a link's wide picture shows. */
export interface ShareCard {
  readonly name: string;
  /** What stands above the issuer's name, such as "awarded by". */
  readonly by: string;
  readonly issuer: string;
  /** The badge's picture, a square PNG. */
  readonly art: Uint8Array;
}

export interface Picture {
  readonly mediaType: "image/png" | "image/svg+xml";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type RasteriseResult =
  | { readonly ok: true; readonly png: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly reason: "unavailable" | "deadline" | "unreadable" };
