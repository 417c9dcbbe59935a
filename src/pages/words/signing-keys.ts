// What the pages about signing keys say.
import { area } from "./speak.tsx";

export const SIGNING_KEYS = area(
  {
    title: "Signing keys",
    lead: "{organization} signs badges that are downloaded as files. Whoever checks such a file finds the key at its public address.",
    none: "There is no key yet: the first one is made when the first signed badge is asked for.",
    keys: "Keys",
    key: "Key",
    state: "State",
    "state-current": "signs",
    "state-retired": "retired, still verifies",
    "state-revoked": "revoked",
    made: "Made",
    ended: "Ended",
    "ended-never": "—",
    deeds: "Action",
    rotate: "Change the key",
    "make-first": "Make the first key",
    revoke: "Revoke",
    "revoke-about": "the key {id}",
    "rotate-title": "Change the signing key?",
    "rotate-lead":
      "A new key is made and signs from now on. The one before is retired: it signs nothing more, and its private half is deleted.",
    "rotate-verifies":
      "Old badges still verify: the retired key stays at its public address for good.",
    back: "Back to the keys",
    "revoke-title": "Revoke this key?",
    "revoke-key": "Key {id}",
    "revoke-lead":
      "Every badge file signed with it stops verifying, wherever it is. Do this only if somebody else may know the key. As a precaution, change the key instead: then old badges still verify.",
    "revoke-hosted":
      "Badges that are checked at their address here are not affected, and whoever holds a signed file can download a new one.",
    reason: "Reason",
    "reason-help": "It is public.",
    "done-rotated": "The key is changed. Old badges still verify.",
    "done-made": "The key is made.",
    "done-revoked": "The key is revoked.",
  },
  {
    title: "Signaturschlüssel",
    lead: "{organization} signiert Badges, die als Datei heruntergeladen werden. Wer eine solche Datei prüft, findet den Schlüssel an seiner öffentlichen Adresse.",
    none: "Es gibt noch keinen Schlüssel: Der erste entsteht, wenn zum ersten Mal ein signiertes Badge verlangt wird.",
    keys: "Schlüssel",
    key: "Schlüssel",
    state: "Zustand",
    "state-current": "signiert",
    "state-retired": "abgelöst, gilt weiterhin",
    "state-revoked": "widerrufen",
    made: "Erstellt",
    ended: "Beendet",
    "ended-never": "–",
    deeds: "Aktion",
    rotate: "Schlüssel wechseln",
    "make-first": "Ersten Schlüssel erstellen",
    revoke: "Widerrufen",
    "revoke-about": "den Schlüssel {id}",
    "rotate-title": "Den Signaturschlüssel wechseln?",
    "rotate-lead":
      "Ein neuer Schlüssel wird erstellt und signiert von nun an. Der bisherige wird abgelöst: Er signiert nichts mehr, und seine private Hälfte wird gelöscht.",
    "rotate-verifies":
      "Alte Badges bleiben gültig: Der abgelöste Schlüssel bleibt für immer an seiner öffentlichen Adresse.",
    back: "Zurück zu den Schlüsseln",
    "revoke-title": "Diesen Schlüssel widerrufen?",
    "revoke-key": "Schlüssel {id}",
    "revoke-lead":
      "Jede damit signierte Badge-Datei wird ungültig, wo immer sie liegt. Tun Sie das nur, wenn jemand anderes den Schlüssel kennen könnte. Zur Vorsicht wechseln Sie ihn stattdessen: Dann bleiben alte Badges gültig.",
    "revoke-hosted":
      "Badges, die hier an ihrer Adresse geprüft werden, sind nicht betroffen, und wer eine signierte Datei hat, kann eine neue herunterladen.",
    reason: "Grund",
    "reason-help": "Er ist öffentlich.",
    "done-rotated": "Der Schlüssel ist gewechselt. Alte Badges bleiben gültig.",
    "done-made": "Der Schlüssel ist erstellt.",
    "done-revoked": "Der Schlüssel ist widerrufen.",
  },
);
