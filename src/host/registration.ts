// Judges what an app says of itself when it registers (Open Badges 2.1, section Registration; RFC 7591).
import { isLoopbackHost } from "../net/public-url.ts";
import { knownScopes, OFFERED_SCOPES, OFFLINE_ACCESS, type Scope } from "./scopes.ts";

/** Characters; of a name people read, and of the identifiers beside it. */
export const MAX_NAME_LENGTH = 200;
export const MAX_ADDRESS_LENGTH = 2_048;
export const MAX_REDIRECT_URIS = 10;

/** What was registered, as it is echoed; members that mean nothing here are left out. */
export interface ClientMetadata {
  readonly client_name: string;
  readonly client_uri: string;
  readonly logo_uri: string;
  readonly tos_uri: string;
  readonly policy_uri: string;
  readonly software_id: string;
  readonly software_version: string;
  readonly redirect_uris: readonly string[];
  readonly token_endpoint_auth_method: "client_secret_basic";
  readonly grant_types: readonly GrantType[];
  readonly response_types: readonly ["code"];
  readonly scope: string;
}

export type GrantType = "authorization_code" | "refresh_token";

export type RegistrationError = "invalid_client_metadata" | "invalid_redirect_uri";

export type JudgedRegistration =
  | { readonly ok: true; readonly metadata: ClientMetadata }
  | { readonly ok: false; readonly error: RegistrationError; readonly description: string };

export interface RegistrationRules {
  /** Whether plain http on this machine counts as https: on a machine of one's own only. */
  readonly loopback: boolean;
}

class Fault extends Error {
  readonly code: RegistrationError;

  constructor(description: string, code: RegistrationError = "invalid_client_metadata") {
    super(description);
    this.code = code;
  }
}

type Members = Readonly<Record<string, unknown>>;

const TEXTS = ["client_name", "software_id", "software_version"] as const;
const ADDRESSES = ["client_uri", "logo_uri", "tos_uri", "policy_uri"] as const;
const GRANT_TYPES: readonly GrantType[] = ["authorization_code", "refresh_token"];

/** Takes parsed JSON. Unknown members are left out, unknown scopes and grant types are dropped. */
export function judgeRegistration(body: unknown, rules: RegistrationRules): JudgedRegistration {
  try {
    return { ok: true, metadata: metadataOf(body, rules) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, error: error.code, description: error.message };
  }
}

function metadataOf(body: unknown, rules: RegistrationRules): ClientMetadata {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Fault("The request must be one JSON object.");
  }
  const members = body as Members;
  const [client_name, software_id, software_version] = TEXTS.map((name) => textOf(members, name));
  const addresses = ADDRESSES.map((name) => addressOf(members[name], name, rules));
  const redirects = redirectsOf(members, rules);
  oneHost([...addresses, ...redirects]);
  basicOnly(members);
  const grant_types = grantTypesOf(members);
  codeOnly(members);
  const [client_uri, logo_uri, tos_uri, policy_uri] = addresses.map(({ text }) => text);
  return {
    client_name: client_name ?? "",
    client_uri: client_uri ?? "",
    logo_uri: logo_uri ?? "",
    tos_uri: tos_uri ?? "",
    policy_uri: policy_uri ?? "",
    software_id: software_id ?? "",
    software_version: software_version ?? "",
    redirect_uris: redirects.map(({ text }) => text),
    token_endpoint_auth_method: "client_secret_basic",
    grant_types,
    response_types: ["code"],
    scope: scopesOf(members, grant_types).join(" "),
  };
}

const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** Some clients send their version as a number, which says the same. */
function textOf(members: Members, name: (typeof TEXTS)[number]): string {
  const value = members[name];
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.trim() === "") {
    throw new Fault(`${name} is required: a text that is not empty.`);
  }
  if (text.length > MAX_NAME_LENGTH) {
    throw new Fault(`${name} has more than ${MAX_NAME_LENGTH} characters.`);
  }
  // Letters that turn the writing round, or are not seen, make one name look like another.
  if (CONTROLS.test(text)) throw new Fault(`${name} holds characters that cannot be seen.`);
  return text;
}

/** No other signs: a host of a redirect URI is named in the consent page's security policy. */
const HOST = /^(\[[\da-f:.]+\]|[a-z\d_-]+(\.[a-z\d_-]+)*\.?)$/;

interface Address {
  readonly text: string;
  readonly url: URL;
}

function addressOf(
  value: unknown,
  name: string,
  { loopback }: RegistrationRules,
  code?: RegistrationError,
): Address {
  if (typeof value !== "string" || value === "") {
    throw new Fault(`${name} is required: an https address.`, code);
  }
  const url =
    value.length <= MAX_ADDRESS_LENGTH && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) throw new Fault(`${name} is not an absolute address.`, code);
  const onThisMachine = loopback && url.protocol === "http:" && isLoopbackHost(url.hostname);
  if (url.protocol !== "https:" && !onThisMachine) {
    throw new Fault(`${name} must begin with https://.`, code);
  }
  if (!HOST.test(url.hostname)) {
    throw new Fault(`${name} has a host name with signs that none may have.`, code);
  }
  if (url.username !== "" || url.password !== "") {
    throw new Fault(`${name} must not hold a user name or password.`, code);
  }
  return { text: value, url };
}

function redirectsOf(members: Members, rules: RegistrationRules): Address[] {
  const { redirect_uris: given } = members;
  const code = "invalid_redirect_uri";
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_REDIRECT_URIS) {
    throw new Fault(`redirect_uris is required: a list of 1 to ${MAX_REDIRECT_URIS}.`, code);
  }
  return given.map((one) => {
    const address = addressOf(one, "redirect_uris", rules, code);
    // RFC 6749, section 3.1.2: an empty fragment is one too.
    if (address.text.includes("#")) {
      throw new Fault("redirect_uris must not hold a fragment.", code);
    }
    return address;
  });
}

/** OB21-R-05: whoever registers speaks for one host. */
function oneHost(addresses: readonly Address[]): void {
  const hosts = [...new Set(addresses.map(({ url }) => url.hostname))];
  if (hosts.length > 1) {
    throw new Fault(`All addresses must have one host name; these have ${hosts.length}.`);
  }
}

function basicOnly({ token_endpoint_auth_method: method }: Members): void {
  if (method === undefined || method === null || method === "client_secret_basic") return;
  throw new Fault("token_endpoint_auth_method must be client_secret_basic, or be left out.");
}

function grantTypesOf({ grant_types: given }: Members): GrantType[] {
  if (given === undefined || given === null) return ["authorization_code"];
  if (!Array.isArray(given)) throw new Fault("grant_types must be a list.");
  const known = GRANT_TYPES.filter((type) => given.includes(type));
  if (!known.includes("authorization_code")) {
    throw new Fault("grant_types must hold authorization_code.");
  }
  return known;
}

function codeOnly({ response_types: given }: Members): void {
  if (given === undefined || given === null) return;
  if (Array.isArray(given) && given.includes("code")) return;
  throw new Fault("response_types must be a list that holds code, or be left out.");
}

function scopesOf({ scope }: Members, grants: readonly GrantType[]): readonly Scope[] {
  if (scope !== undefined && scope !== null && typeof scope !== "string") {
    throw new Fault("scope must be a text: names with blanks between.");
  }
  const known = knownScopes(scope ?? "").filter(
    (one) => one !== OFFLINE_ACCESS || grants.includes("refresh_token"),
  );
  return known.some((one) => one !== OFFLINE_ACCESS) ? known : OFFERED_SCOPES;
}
