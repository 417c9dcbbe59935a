// What is said where an award has no page: none is known, or its issuer removed it.
import { area } from "./speak.tsx";

export const UNKNOWN_BADGE_WORDS = area(
  {
    "what-to-do": "What to do",
    "title-unknown": "Unknown: no badge at this address",
    unknown: "There is no badge at this address",
    "no-record":
      "This server has no record of such an award, so nothing can be said about it. That is not the same as a revoked badge, which would be named here.",
    "compare-address":
      "Compare the address with the one you were given: it ends in 40 letters and digits, and mail programs like to cut it.",
    "ask-again": "Ask the holder for the link again, or for the badge’s file.",
    "not-confirmed":
      "If a person or a file insists on this address, treat the badge as not confirmed and ask the issuer.",
    "title-removed": "Removed: this badge is gone",
    removed: "This badge was removed by its issuer",
    "for-good":
      "A badge was issued at this address, and its issuer has since removed it for good. It no longer stands: whoever shows it shows something that was taken back.",
    "do-not-rely": "Do not rely on it, nor on a file of it.",
    "ask-why": "If it was yours, ask the issuer why, and whether another badge takes its place.",
  },
  {
    "what-to-do": "Was Sie tun können",
    "title-unknown": "Unbekannt: kein Badge unter dieser Adresse",
    unknown: "Unter dieser Adresse gibt es kein Badge",
    "no-record":
      "Auf diesem Server ist keine solche Verleihung verzeichnet, deshalb lässt sich nichts über sie sagen. Das ist etwas anderes als ein widerrufenes Badge: Ein solches würde hier genannt.",
    "compare-address":
      "Vergleichen Sie die Adresse mit der, die Sie erhalten haben: Sie endet mit 40 Buchstaben und Ziffern, und E-Mail-Programme schneiden sie gern ab.",
    "ask-again":
      "Bitten Sie die Person, die das Badge zeigt, noch einmal um den Link oder um die Datei.",
    "not-confirmed":
      "Beharrt jemand oder eine Datei auf dieser Adresse, behandeln Sie das Badge als nicht bestätigt und fragen Sie den Aussteller.",
    "title-removed": "Entfernt: dieses Badge gibt es nicht mehr",
    removed: "Dieses Badge wurde vom Aussteller entfernt",
    "for-good":
      "Unter dieser Adresse wurde ein Badge ausgestellt, das der Aussteller inzwischen endgültig entfernt hat. Es gilt nicht mehr: Wer es zeigt, zeigt etwas, das zurückgenommen wurde.",
    "do-not-rely": "Verlassen Sie sich nicht darauf, auch nicht auf eine Datei davon.",
    "ask-why":
      "Wenn es Ihres war, fragen Sie den Aussteller nach dem Grund und danach, ob ein anderes Badge an seine Stelle tritt.",
  },
);
