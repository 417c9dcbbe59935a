// What a person reads when a way in ended: for each reason a title and a sentence, and the way on.
import { area } from "./speak.tsx";

export type EndedReason =
  | "used"
  | "expired"
  | "unknown"
  | "suspended"
  | "taken"
  | "other-account"
  | "sign-in-to-confirm"
  | "provider-unreachable"
  | "not-begun-here"
  | "provider-used"
  | "provider-expired"
  | "declined"
  | "answer-refused"
  | "address-not-verified";

type EndedKey = EndedReason | `${EndedReason}-lead` | "again" | "to-login" | "to-identities";

const EN: Readonly<Record<EndedKey, string>> = {
  again: "Send a new mail",
  "to-login": "To the sign-in page",
  "to-identities": "To your addresses",
  used: "This link was used already",
  "used-lead": "A link works once. If it was you, the browser you used it in is signed in.",
  expired: "This link has expired",
  "expired-lead": "A link works for half an hour after it was sent.",
  unknown: "This link is not known here",
  "unknown-lead": "Perhaps a part of it was cut off, or it was sent more than a day ago.",
  suspended: "Signing in is switched off for you",
  "suspended-lead":
    "Whoever runs this site has switched it off, and can tell why. Your badges go on being verified.",
  taken: "Another account here has this address",
  "taken-lead":
    "If it is yours too, sign in with that address, remove it there, and add it here again.",
  "other-account": "This link was asked for by another account",
  "other-account-lead":
    "An address is added in the account that asked for it. Nothing was changed.",
  "sign-in-to-confirm": "Sign in first, then open this link again",
  "sign-in-to-confirm-lead":
    "An address is confirmed in the browser you are signed in with, by the account that asked for it. Nothing was changed.",
  "provider-unreachable": "The other site does not answer",
  "provider-unreachable-lead":
    "Signing in there does not work at the moment. Try again in some minutes, or sign in by mail.",
  "not-begun-here": "This sign-in was not begun in this browser",
  "not-begun-here-lead":
    "Perhaps cookies were removed meanwhile, or the address of this page was copied from elsewhere. Begin again.",
  "provider-used": "This sign-in was finished already",
  "provider-used-lead":
    "Going back to it does not repeat it. Begin again if you are not signed in.",
  "provider-expired": "This sign-in took too long",
  "provider-expired-lead": "It has to be finished within ten minutes. Begin again.",
  declined: "You were not signed in there",
  "declined-lead": "The other site sent you back without signing you in: you said no, or it did.",
  "answer-refused": "The other site’s answer was refused",
  "answer-refused-lead":
    "It did not pass the checks that keep others from signing in as you. Begin again; if it happens again, tell whoever runs this site.",
  "address-not-verified": "The other site does not vouch for your address",
  "address-not-verified-lead":
    "It did not say that it has checked an e-mail address of yours. Have it checked there, or sign in by mail here.",
};

const DE: Readonly<Record<EndedKey, string>> = {
  again: "Neue E-Mail senden",
  "to-login": "Zur Anmeldung",
  "to-identities": "Zu Ihren Adressen",
  used: "Dieser Link wurde schon verwendet",
  "used-lead":
    "Ein Link gilt nur einmal. Wenn Sie es waren, sind Sie in dem Browser angemeldet, in dem Sie ihn verwendet haben.",
  expired: "Dieser Link ist abgelaufen",
  "expired-lead": "Ein Link gilt eine halbe Stunde ab dem Versand.",
  unknown: "Dieser Link ist hier nicht bekannt",
  "unknown-lead":
    "Vielleicht wurde ein Teil davon abgeschnitten, oder er wurde vor mehr als einem Tag versandt.",
  suspended: "Die Anmeldung ist für Sie gesperrt",
  "suspended-lead":
    "Wer diese Website betreibt, hat sie gesperrt und kann Ihnen den Grund nennen. Ihre Badges bleiben überprüfbar.",
  taken: "Diese Adresse gehört hier zu einem anderen Konto",
  "taken-lead":
    "Wenn auch das Ihr Konto ist, melden Sie sich mit dieser Adresse an, entfernen Sie sie dort und fügen Sie sie hier wieder hinzu.",
  "other-account": "Diesen Link hat ein anderes Konto angefordert",
  "other-account-lead":
    "Eine Adresse wird in dem Konto hinzugefügt, das den Link angefordert hat. Es wurde nichts geändert.",
  "sign-in-to-confirm": "Melden Sie sich zuerst an, und öffnen Sie diesen Link dann noch einmal",
  "sign-in-to-confirm-lead":
    "Eine Adresse wird in dem Browser bestätigt, in dem Sie angemeldet sind, und von dem Konto, das den Link angefordert hat. Es wurde nichts geändert.",
  "provider-unreachable": "Der andere Dienst antwortet nicht",
  "provider-unreachable-lead":
    "Die Anmeldung dort ist im Augenblick nicht möglich. Versuchen Sie es in einigen Minuten noch einmal, oder melden Sie sich per E-Mail an.",
  "not-begun-here": "Diese Anmeldung wurde nicht in diesem Browser begonnen",
  "not-begun-here-lead":
    "Vielleicht wurden inzwischen Cookies gelöscht, oder die Adresse dieser Seite stammt von anderswo. Beginnen Sie noch einmal.",
  "provider-used": "Diese Anmeldung ist schon abgeschlossen",
  "provider-used-lead":
    "Sie lässt sich nicht wiederholen, indem Sie zurückgehen. Beginnen Sie neu, wenn Sie nicht angemeldet sind.",
  "provider-expired": "Diese Anmeldung hat zu lange gedauert",
  "provider-expired-lead":
    "Sie muss innerhalb von zehn Minuten abgeschlossen sein. Beginnen Sie neu.",
  declined: "Sie wurden dort nicht angemeldet",
  "declined-lead":
    "Der andere Dienst hat Sie zurückgeschickt, ohne Sie anzumelden: Sie haben abgelehnt, oder er.",
  "answer-refused": "Die Antwort des anderen Dienstes wurde zurückgewiesen",
  "answer-refused-lead":
    "Sie hat die Prüfungen nicht bestanden, die verhindern, dass andere sich als Sie anmelden. Beginnen Sie neu; geschieht es wieder, sagen Sie es der Person, die diese Website betreibt.",
  "address-not-verified": "Der andere Dienst bürgt nicht für Ihre Adresse",
  "address-not-verified-lead":
    "Er hat nicht angegeben, dass er eine E-Mail-Adresse von Ihnen geprüft hat. Lassen Sie sie dort prüfen, oder melden Sie sich hier per E-Mail an.",
};

export const ENDED_WORDS = area(EN, DE);
