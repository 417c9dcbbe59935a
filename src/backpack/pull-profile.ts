// What a backpack says it knows of the person: kept to be shown as its word, and proof of nothing.
import { shortText } from "./external-text.ts";
import type { RemoteProfile } from "./protocol.ts";
import type { WayIn } from "./pull-access.ts";

/** A connection's address is no longer in Moodle's tables either, so the two can be exchanged. */
export const MAX_EMAIL_LENGTH = 100;
const MAX_UID_LENGTH = 255;

/**
 * GET /profile (OB 2.1, section 10): asked where it may be, and a pull goes on without it. The
 * address in it is the backpack's claim; nobody is known by it here (OB21-F-05).
 */
export async function learnProfile(way: WayIn): Promise<RemoteProfile | null> {
  if (!way.may(way.protocol.abilities.profile)) return null;
  const asked = await way.ask((protocol, access, net) => protocol.profile(net, access));
  if (!asked.ok) return null;
  const { uid, name, email } = asked.answer.profile;
  return { uid: whole(uid, MAX_UID_LENGTH), name, email: whole(email, MAX_EMAIL_LENGTH) };
}

/** Part of an id or of an address is another one: what is too long is not kept at all. */
function whole(text: string | null, most: number): string | null {
  return text === null || text.length > most ? null : shortText(text, most);
}
