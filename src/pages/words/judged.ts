// What is said of a badge from elsewhere by its verdict, where the verifier's own sentence is in English.
import { area } from "./speak.tsx";

/** The English stands here for translators; a page in English shows what the verifier said of the very badge. */
export const JUDGED_WORDS = area(
  {
    valid: "This badge is genuine.",
    expired: "It was genuine, and its validity has ended.",
    revoked: "Its issuer has revoked it.",
    "not-yet-valid": "It is not valid yet.",
    invalid: "It did not pass the check:",
    "could-not-check": "It could not be checked:",
    "not-theirs": "It is made out to an address that is not confirmed here.",
  },
  {
    valid: "Dieses Badge ist echt.",
    expired: "Es war echt, und seine Gültigkeit ist abgelaufen.",
    revoked: "Sein Aussteller hat es widerrufen.",
    "not-yet-valid": "Es ist noch nicht gültig.",
    invalid: "Es hat die Prüfung nicht bestanden:",
    "could-not-check": "Es konnte nicht geprüft werden:",
    "not-theirs": "Es ist auf eine Adresse ausgestellt, die hier nicht bestätigt ist.",
  },
);
