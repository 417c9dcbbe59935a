// Why a connection did not come about, in words of the one who wanted it: what happened, and what to do.
import { area } from "./speak.tsx";

const AGAIN_EN = "Connect again from your list of backpacks.";
const AGAIN_DE = "Verbinden Sie ihn aus Ihrer Liste der Backpacks noch einmal.";
const LATER_EN =
  "Try again in a few minutes. If it happens again tomorrow, tell an administrator of this site.";
const LATER_DE =
  "Versuchen Sie es in einigen Minuten noch einmal. Geschieht es morgen wieder, sagen Sie es der Administration dieser Website.";
const TELL_EN =
  "Tell an administrator of this site: the backpack behaves in a way that cannot be worked with.";
const TELL_DE =
  "Sagen Sie es der Administration dieser Website: Der Backpack verhält sich so, dass sich nicht mit ihm arbeiten lässt.";

/** One title and one fix for each reason there is: a reason without words does not compile. */
export const CONNECT_REASONS = area(
  {
    "backpack-gone": "This backpack is no longer offered here",
    "backpack-gone-fix": "Choose another one from your list of backpacks.",
    "backpack-disabled": "This backpack is switched off",
    "backpack-disabled-fix":
      "An administrator of this site switched it off; ask them when it comes back.",
    "backpack-without-oauth": "This backpack is connected to in another way",
    "backpack-without-oauth-fix":
      "An administrator of this site must finish setting this backpack up.",
    "scopes-not-offered": "This backpack offers nothing that is needed here",
    "scopes-not-offered-fix": "It lets no other site add or read badges. Choose another backpack.",
    "client-needed": "This backpack must know this site first",
    "client-needed-fix":
      "An administrator of this site must register it at the backpack by hand and enter what they are given.",
    "registration-busy": "Somebody else is connecting for the first time just now",
    "registration-busy-fix": "Wait a few seconds, then connect again.",
    "registration-refused": "The backpack does not accept this site",
    "registration-refused-fix":
      "An administrator of this site must ask the backpack’s operator why, or register by hand.",
    "registration-limited": "The backpack is being asked too often",
    "registration-limited-fix": "It asked to be left alone for a while. Try again in an hour.",
    "registration-unavailable": "The backpack cannot answer just now",
    "registration-unavailable-fix": LATER_EN,
    "registration-unreachable": "The backpack does not answer",
    "registration-unreachable-fix": LATER_EN,
    "registration-malformed": "The backpack’s answer cannot be used",
    "registration-malformed-fix": TELL_EN,
    "registration-changed": "The backpack registered something else than was asked",
    "registration-changed-fix": TELL_EN,
    "address-malformed": "This is no address of a website",
    "address-malformed-fix": "Give the backpack’s own address, such as backpack.example.org.",
    "address-refused": "This address cannot be connected to",
    "address-refused-fix": "Give the backpack’s public address, beginning with https://.",
    "manifest-unreachable": "Nothing answers at this address",
    "manifest-unreachable-fix":
      "Check the address. If it is right, the backpack is down: try again later.",
    "manifest-missing": "This website is no backpack that can be connected to",
    "manifest-missing-fix":
      "Check the address: it must be the backpack’s own, not a page about it.",
    "manifest-unavailable": "This backpack cannot answer just now",
    "manifest-unavailable-fix": LATER_EN,
    "manifest-not-json": "What this website sent is no description of a backpack",
    "manifest-not-json-fix":
      "Check the address: it must be the backpack’s own, not a page about it.",
    "manifest-malformed": "This backpack describes itself wrongly",
    "manifest-malformed-fix": "Its operator must correct its manifest.",
    "manifest-member": "This backpack describes itself wrongly",
    "manifest-member-fix": "Its operator must correct its manifest.",
    "manifest-address": "This backpack names an address that is not asked",
    "manifest-address-fix": "Its operator must give public addresses that begin with https://.",
    "manifest-version": "This backpack speaks another version",
    "manifest-version-fix": "It must offer Open Badges 2.1 (v2p1).",
    "signed-out": "You are not signed in here any more",
    "signed-out-fix": "Sign in, then connect again. Nothing was connected.",
    "callback-malformed": "The backpack led you back by a damaged address",
    "callback-malformed-fix": AGAIN_EN,
    "state-missing": "No connection was begun here",
    "state-missing-fix": AGAIN_EN,
    "state-unknown": "No connection was begun here",
    "state-unknown-fix":
      "Nothing was connected. If you did not mean to connect a backpack just now, somebody may have sent you this link: do not follow it again. Otherwise connect again.",
    "state-expired": "That took too long",
    "state-expired-fix": "For your safety a request is good for ten minutes. Connect again.",
    "state-used": "This was done already",
    "state-used-fix":
      "An answer counts once. Look at your backpacks: it may be connected. If not, connect again.",
    "state-foreign": "This belongs to somebody else",
    "state-foreign-fix":
      "Nothing was connected. If you began this in another browser, or signed in again meanwhile, connect again here. If you did not begin it, do not follow the link again.",
    "state-swapped": "The answer came by another backpack’s address",
    "state-swapped-fix":
      "Nothing was connected. Connect again; if it happens again, tell an administrator of this site.",
    "issuer-missing": "The answer does not say who it is from",
    "issuer-missing-fix":
      "Nothing was connected. Connect again; if it happens again, tell an administrator of this site.",
    "issuer-wrong": "The answer came from another server than was asked",
    "issuer-wrong-fix":
      "Nothing was connected. Do not try again before an administrator of this site has looked into it.",
    denied: "Access was not granted",
    "denied-fix":
      "You, or the backpack for you, said no, and nothing was connected. You can connect again whenever you like.",
    "authorization-refused": "The backpack refused the request",
    "authorization-refused-fix":
      "Connect again; if it happens again, tell an administrator of this site.",
    "code-missing": "The backpack’s answer is not complete",
    "code-missing-fix": AGAIN_EN,
    "code-refused": "The backpack took its answer back",
    "code-refused-fix": "This happens when it took too long, or was done twice. Connect again.",
    "client-forgotten": "The backpack had forgotten this site",
    "client-forgotten-fix":
      "Connect again: this site then makes itself known there anew. If an administrator entered the client by hand, they must correct it.",
    "token-refused": "The backpack refused at the last step",
    "token-refused-fix": "Connect again; if it happens again, tell an administrator of this site.",
    "token-unavailable": "The backpack cannot answer just now",
    "token-unavailable-fix": LATER_EN,
    "token-unreachable": "The backpack did not answer at the last step",
    "token-unreachable-fix": "Connect again in a few minutes.",
    "token-malformed": "The backpack’s last answer cannot be used",
    "token-malformed-fix": TELL_EN,
    "scopes-none": "Nothing was allowed",
    "scopes-none-fix":
      "The backpack granted none of what was asked for. Connect again and allow at least that badges are added.",
  },
  {
    "backpack-gone": "Dieser Backpack wird hier nicht mehr angeboten",
    "backpack-gone-fix": "Wählen Sie einen anderen aus Ihrer Liste der Backpacks.",
    "backpack-disabled": "Dieser Backpack ist abgeschaltet",
    "backpack-disabled-fix":
      "Die Administration dieser Website hat ihn abgeschaltet; fragen Sie dort, wann er wiederkommt.",
    "backpack-without-oauth": "Dieser Backpack wird auf andere Weise verbunden",
    "backpack-without-oauth-fix":
      "Die Administration dieser Website muss ihn erst fertig einrichten.",
    "scopes-not-offered": "Dieser Backpack bietet nichts, was hier gebraucht wird",
    "scopes-not-offered-fix":
      "Er lässt keine andere Website Badges hinzufügen oder lesen. Wählen Sie einen anderen Backpack.",
    "client-needed": "Dieser Backpack muss diese Website zuerst kennen",
    "client-needed-fix":
      "Die Administration dieser Website muss sie beim Backpack von Hand registrieren und eingeben, was sie dort erhält.",
    "registration-busy": "Gerade verbindet sich jemand anderes zum ersten Mal",
    "registration-busy-fix": "Warten Sie einige Sekunden, und verbinden Sie ihn dann noch einmal.",
    "registration-refused": "Der Backpack lässt diese Website nicht zu",
    "registration-refused-fix":
      "Die Administration dieser Website muss den Betreiber des Backpacks nach dem Grund fragen oder sie von Hand registrieren.",
    "registration-limited": "Der Backpack wird zu oft gefragt",
    "registration-limited-fix":
      "Er hat darum gebeten, eine Weile in Ruhe gelassen zu werden. Versuchen Sie es in einer Stunde noch einmal.",
    "registration-unavailable": "Der Backpack kann gerade nicht antworten",
    "registration-unavailable-fix": LATER_DE,
    "registration-unreachable": "Der Backpack antwortet nicht",
    "registration-unreachable-fix": LATER_DE,
    "registration-malformed": "Die Antwort des Backpacks ist nicht zu gebrauchen",
    "registration-malformed-fix": TELL_DE,
    "registration-changed": "Der Backpack hat etwas anderes registriert, als verlangt war",
    "registration-changed-fix": TELL_DE,
    "address-malformed": "Das ist keine Adresse einer Website",
    "address-malformed-fix":
      "Geben Sie die Adresse des Backpacks selbst an, zum Beispiel backpack.example.org.",
    "address-refused": "Mit dieser Adresse kann keine Verbindung aufgenommen werden",
    "address-refused-fix":
      "Geben Sie die öffentliche Adresse des Backpacks an, die mit https:// beginnt.",
    "manifest-unreachable": "Unter dieser Adresse antwortet nichts",
    "manifest-unreachable-fix":
      "Prüfen Sie die Adresse. Wenn sie stimmt, ist der Backpack gestört: Versuchen Sie es später noch einmal.",
    "manifest-missing": "Diese Website ist kein Backpack, der sich verbinden lässt",
    "manifest-missing-fix":
      "Prüfen Sie die Adresse: Es muss die des Backpacks selbst sein, nicht eine Seite über ihn.",
    "manifest-unavailable": "Dieser Backpack kann gerade nicht antworten",
    "manifest-unavailable-fix": LATER_DE,
    "manifest-not-json": "Was diese Website gesendet hat, beschreibt keinen Backpack",
    "manifest-not-json-fix":
      "Prüfen Sie die Adresse: Es muss die des Backpacks selbst sein, nicht eine Seite über ihn.",
    "manifest-malformed": "Dieser Backpack beschreibt sich selbst falsch",
    "manifest-malformed-fix": "Sein Betreiber muss das Manifest berichtigen.",
    "manifest-member": "Dieser Backpack beschreibt sich selbst falsch",
    "manifest-member-fix": "Sein Betreiber muss das Manifest berichtigen.",
    "manifest-address": "Dieser Backpack nennt eine Adresse, die nicht aufgerufen wird",
    "manifest-address-fix":
      "Sein Betreiber muss öffentliche Adressen angeben, die mit https:// beginnen.",
    "manifest-version": "Dieser Backpack spricht eine andere Version",
    "manifest-version-fix": "Er muss Open Badges 2.1 (v2p1) anbieten.",
    "signed-out": "Sie sind hier nicht mehr angemeldet",
    "signed-out-fix": "Melden Sie sich an, und verbinden Sie ihn dann. Es wurde nichts verbunden.",
    "callback-malformed": "Der Backpack hat Sie über eine beschädigte Adresse zurückgeschickt",
    "callback-malformed-fix": AGAIN_DE,
    "state-missing": "Hier wurde keine Verbindung begonnen",
    "state-missing-fix": AGAIN_DE,
    "state-unknown": "Hier wurde keine Verbindung begonnen",
    "state-unknown-fix":
      "Es wurde nichts verbunden. Wenn Sie gerade keinen Backpack verbinden wollten, hat Ihnen vielleicht jemand diesen Link geschickt: Folgen Sie ihm nicht noch einmal. Sonst verbinden Sie ihn erneut.",
    "state-expired": "Das hat zu lange gedauert",
    "state-expired-fix":
      "Zu Ihrer Sicherheit gilt eine Anfrage zehn Minuten. Verbinden Sie ihn noch einmal.",
    "state-used": "Das ist schon geschehen",
    "state-used-fix":
      "Eine Antwort zählt nur einmal. Sehen Sie bei Ihren Backpacks nach: Vielleicht ist er verbunden. Wenn nicht, verbinden Sie ihn noch einmal.",
    "state-foreign": "Das gehört zu jemand anderem",
    "state-foreign-fix":
      "Es wurde nichts verbunden. Wenn Sie das in einem anderen Browser begonnen oder sich inzwischen neu angemeldet haben, verbinden Sie ihn hier noch einmal. Wenn Sie es nicht begonnen haben, folgen Sie dem Link nicht noch einmal.",
    "state-swapped": "Die Antwort kam über die Adresse eines anderen Backpacks",
    "state-swapped-fix":
      "Es wurde nichts verbunden. Verbinden Sie ihn noch einmal; geschieht es wieder, sagen Sie es der Administration dieser Website.",
    "issuer-missing": "Die Antwort sagt nicht, von wem sie ist",
    "issuer-missing-fix":
      "Es wurde nichts verbunden. Verbinden Sie ihn noch einmal; geschieht es wieder, sagen Sie es der Administration dieser Website.",
    "issuer-wrong": "Die Antwort kam von einem anderen Server als dem gefragten",
    "issuer-wrong-fix":
      "Es wurde nichts verbunden. Versuchen Sie es nicht noch einmal, bevor die Administration dieser Website dem nachgegangen ist.",
    denied: "Der Zugriff wurde nicht gewährt",
    "denied-fix":
      "Sie oder der Backpack für Sie haben abgelehnt, und es wurde nichts verbunden. Sie können ihn jederzeit wieder verbinden.",
    "authorization-refused": "Der Backpack hat die Anfrage abgelehnt",
    "authorization-refused-fix":
      "Verbinden Sie ihn noch einmal; geschieht es wieder, sagen Sie es der Administration dieser Website.",
    "code-missing": "Die Antwort des Backpacks ist nicht vollständig",
    "code-missing-fix": AGAIN_DE,
    "code-refused": "Der Backpack hat seine Antwort zurückgenommen",
    "code-refused-fix":
      "Das geschieht, wenn es zu lange gedauert hat oder zweimal getan wurde. Verbinden Sie ihn noch einmal.",
    "client-forgotten": "Der Backpack hatte diese Website vergessen",
    "client-forgotten-fix":
      "Verbinden Sie ihn noch einmal: Diese Website macht sich dort dann neu bekannt. Hat die Administration den Client von Hand eingegeben, muss sie ihn berichtigen.",
    "token-refused": "Der Backpack hat beim letzten Schritt abgelehnt",
    "token-refused-fix":
      "Verbinden Sie ihn noch einmal; geschieht es wieder, sagen Sie es der Administration dieser Website.",
    "token-unavailable": "Der Backpack kann gerade nicht antworten",
    "token-unavailable-fix": LATER_DE,
    "token-unreachable": "Der Backpack hat beim letzten Schritt nicht geantwortet",
    "token-unreachable-fix": "Verbinden Sie ihn in einigen Minuten noch einmal.",
    "token-malformed": "Die letzte Antwort des Backpacks ist nicht zu gebrauchen",
    "token-malformed-fix": TELL_DE,
    "scopes-none": "Es wurde nichts erlaubt",
    "scopes-none-fix":
      "Der Backpack hat nichts von dem gewährt, worum gebeten wurde. Verbinden Sie ihn noch einmal, und erlauben Sie zumindest, dass Badges hinzugefügt werden.",
  },
);
