// What a badge says, gathered for display.
import { dateTimeText } from "./documents/date-time.ts";
import type { Dossier } from "./load.ts";
import type { BadgeSummary } from "./result.ts";

const iso = (instant: number | null) => (instant === null ? null : dateTimeText(instant));

/** Null where nothing of a badge could be read. */
export function summarise({ assertion, badge, issuer }: Dossier): BadgeSummary | null {
  if (!assertion?.ok && !badge?.ok && !issuer?.ok) return null;
  const award = assertion?.ok ? assertion.model : null;
  const definition = badge?.ok ? badge.model : null;
  const profile = issuer?.ok ? issuer.model : null;
  const recipient = award?.recipient ?? null;
  return {
    id: award?.id ?? definition?.id ?? profile?.id ?? null,
    name: definition?.name ?? null,
    description: definition?.description ?? null,
    image: definition?.image?.id ?? award?.image?.id ?? null,
    criteria: definition?.criteria ?? { id: null, narrative: null },
    issuer: {
      id: profile?.id ?? definition?.issuer?.id ?? null,
      name: profile?.name ?? null,
      url: profile?.url ?? null,
      email: profile?.email ?? null,
    },
    issuedOn: iso(award?.issuedOn ?? null),
    expires: iso(award?.expires ?? null),
    narrative: award?.narrative ?? null,
    evidence: award?.evidence ?? [],
    recipient: recipient && {
      type: recipient.type ?? recipient.typeName,
      hashed: recipient.hashed,
      identity: recipient.identity,
      salt: recipient.salt,
    },
    revocationReason: award?.revocationReason ?? null,
  };
}
