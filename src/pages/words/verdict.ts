// Whether a badge still stands, in one word and in a sentence or two.
import { area } from "./speak.tsx";

export const VERDICT_WORDS = area(
  {
    valid: "Valid",
    expired: "Expired",
    revoked: "Revoked",
    "is-valid": "This badge is valid",
    "valid-endless": "Checked {checked}. It has not been revoked and does not expire.",
    "valid-until": "Checked {checked}. It has not been revoked and expires on {day}.",
    "is-expired": "This badge has expired",
    "expired-on": "It was valid until {day} and has not been revoked. Checked {checked}.",
    "see-renewal": "See the badge that renews it",
    "ask-renewal": "Another badge renews it: ask the holder for its link.",
    "is-revoked": "This badge was revoked",
    "revoked-on": "The issuer withdrew it on {day}.",
    "reason-given": "Reason given: “{reason}”",
    "do-not-rely": "Do not rely on it.",
    "see-replacement": "See the badge that replaces it",
    "ask-replacement": "Another badge replaces it: ask the holder for its link.",
    "is-private": "The holder keeps this badge private",
    "private-valid": "The award exists and has not been revoked. Checked {checked}.",
    "private-expired": "The award exists, but expired on {day}.",
    "ask-for-file":
      "To see whose it is and what it was given for, ask the holder for the badge’s file.",
  },
  {
    valid: "Gültig",
    expired: "Abgelaufen",
    revoked: "Widerrufen",
    "is-valid": "Dieses Badge ist gültig",
    "valid-endless": "Geprüft am {checked}. Es ist nicht widerrufen und gilt unbefristet.",
    "valid-until": "Geprüft am {checked}. Es ist nicht widerrufen und läuft am {day} ab.",
    "is-expired": "Dieses Badge ist abgelaufen",
    "expired-on": "Es galt bis zum {day} und wurde nicht widerrufen. Geprüft am {checked}.",
    "see-renewal": "Zum Badge, das es erneuert",
    "ask-renewal":
      "Ein anderes Badge erneuert es: Bitten Sie die Person, der es verliehen wurde, um den Link.",
    "is-revoked": "Dieses Badge wurde widerrufen",
    "revoked-on": "Der Aussteller hat es am {day} zurückgezogen.",
    "reason-given": "Angegebener Grund: „{reason}“",
    "do-not-rely": "Verlassen Sie sich nicht darauf.",
    "see-replacement": "Zum Badge, das es ersetzt",
    "ask-replacement":
      "Ein anderes Badge ersetzt es: Bitten Sie die Person, der es verliehen wurde, um den Link.",
    "is-private": "Dieses Badge wird privat gehalten",
    "private-valid": "Die Verleihung besteht und ist nicht widerrufen. Geprüft am {checked}.",
    "private-expired": "Die Verleihung besteht, ist aber am {day} abgelaufen.",
    "ask-for-file":
      "Wem es gehört und wofür es verliehen wurde, zeigt die Datei des Badges: Bitten Sie darum die Person, der es verliehen wurde.",
  },
);
