// Why a backpack of the site was not added or changed, and what to do about it.
import { area } from "./speak.tsx";

/** The English stands here for translators; a page in English shows what was said of the very backpack. */
export const SITE_FAULTS = area(
  {
    "already-known": "This backpack is known here already.",
    "already-known-fix": "Choose it from the list of backpacks.",
    "claimed-elsewhere":
      "A backpack that somebody added under another address says that it is this one.",
    "claimed-elsewhere-fix":
      "An administrator must look at both addresses, and remove the wrong one first.",
    "switched-off": "This backpack is known here and switched off.",
    "switched-off-fix": "An administrator can switch it on again.",
    "too-many": "You have added as many backpacks as one person may.",
    "too-many-fix":
      "Remove one that you do not need, or ask an administrator to add this one for everybody.",
    "name-needed": "The backpack has no name.",
    "name-needed-fix": "Give it one.",
    "address-needed": "One of the addresses cannot be used.",
    "address-needed-fix":
      "Give complete public addresses that begin with https://, without a user name or a port.",
    "unknown-backpack": "There is no such backpack here.",
    "unknown-backpack-fix": "Look through the list again.",
    "unknown-person": "There is no such person here.",
    "unknown-person-fix": "Choose somebody who is.",
    "client-malformed":
      "A client’s id and secret are made of letters, digits and signs without accents.",
    "client-malformed-fix": "Copy them again, whole and without blanks.",
    "registration-moved": "This backpack’s registration changed just now.",
    "registration-moved-fix": "Look at the backpack again, and enter it once more.",
    "no-authorization": "This backpack is not connected to in this way.",
    "no-authorization-fix": "Look at what its protocol can do.",
    "primary-stays": "This is the primary backpack.",
    "primary-stays-fix": "Put another one first, then remove this one; or switch it off.",
  },
  {
    "already-known": "Dieser Backpack ist hier schon bekannt.",
    "already-known-fix": "Wählen Sie ihn aus der Liste der Backpacks.",
    "claimed-elsewhere":
      "Ein Backpack, den jemand unter einer anderen Adresse hinzugefügt hat, gibt sich für diesen aus.",
    "claimed-elsewhere-fix":
      "Die Administration muss sich beide Adressen ansehen und zuerst die falsche entfernen.",
    "switched-off": "Dieser Backpack ist hier bekannt und abgeschaltet.",
    "switched-off-fix": "Die Administration kann ihn wieder einschalten.",
    "too-many": "Sie haben schon so viele Backpacks hinzugefügt, wie es eine Person darf.",
    "too-many-fix":
      "Entfernen Sie einen, den Sie nicht brauchen, oder bitten Sie die Administration, diesen für alle hinzuzufügen.",
    "name-needed": "Der Backpack hat keinen Namen.",
    "name-needed-fix": "Geben Sie ihm einen.",
    "address-needed": "Eine der Adressen kann nicht verwendet werden.",
    "address-needed-fix":
      "Geben Sie vollständige öffentliche Adressen an, die mit https:// beginnen, ohne Benutzernamen und Port.",
    "unknown-backpack": "Diesen Backpack gibt es hier nicht.",
    "unknown-backpack-fix": "Sehen Sie die Liste noch einmal durch.",
    "unknown-person": "Diese Person gibt es hier nicht.",
    "unknown-person-fix": "Wählen Sie jemanden, den es gibt.",
    "client-malformed":
      "Kennung und Geheimnis eines Clients bestehen aus Buchstaben, Ziffern und Zeichen ohne Akzente.",
    "client-malformed-fix": "Kopieren Sie beides noch einmal, vollständig und ohne Leerzeichen.",
    "registration-moved": "Die Registrierung bei diesem Backpack hat sich gerade geändert.",
    "registration-moved-fix":
      "Sehen Sie sich den Backpack noch einmal an, und geben Sie den Client erneut ein.",
    "no-authorization": "Dieser Backpack wird nicht auf diese Weise verbunden.",
    "no-authorization-fix": "Sehen Sie nach, was sein Protokoll kann.",
    "primary-stays": "Das ist der erste Backpack auf der Liste.",
    "primary-stays-fix":
      "Stellen Sie einen anderen an die erste Stelle, und entfernen Sie diesen dann; oder schalten Sie ihn ab.",
  },
);
