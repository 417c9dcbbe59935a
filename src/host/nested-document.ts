// A verified badge as one document: its assertion with badge class and issuer inside, as far as there is room.
import type { VerifiedAward } from "../verify/award.ts";

/** Of one badge as JSON or as JWS: pictures may lie inside, as data. A page holds many of them. */
export const MAX_DOCUMENT_LENGTH = 256 * 1024;

type Json = Record<string, unknown>;

/**
 * What the issuer serves of the assertion, with what it serves of the badge class and the issuer in
 * place of their addresses, so that whoever shows it need not ask again. Where that is too long the
 * addresses stay; null where the assertion alone is too long.
 */
export function nestedDocument({
  assertion,
  badge,
  issuer,
}: VerifiedAward["documents"]): Json | null {
  if (assertion === null) return null;
  const alone = { ...assertion.json };
  if (badge === null) return fits(alone) ? alone : null;
  const badgeAlone = { ...badge.json };
  const whole = issuer === null ? badgeAlone : { ...badgeAlone, issuer: { ...issuer.json } };
  const forms = [{ ...alone, badge: whole }, { ...alone, badge: badgeAlone }, alone];
  return forms.find(fits) ?? null;
}

function fits(document: Json): boolean {
  return JSON.stringify(document).length <= MAX_DOCUMENT_LENGTH;
}
