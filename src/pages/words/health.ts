// What is said of the state of the site, on its page and by `rosette doctor`: what was found, and what to do.
import { area } from "./speak.tsx";

export const HEALTH = area(
  {
    title: "Health",
    lead: "What this site needs, looked at just now.",
    "all-well": "All is well.",
    "some-wrong": "{count, plural, one {One thing needs} other {# things need}} somebody.",
    ok: "well",
    warn: "look at it",
    fail: "to be mended",
    command: "In a terminal, where Rosette runs:",
    again: "Look again",
    retry: "Do all of it again",
    "done-retried": "It is being done again. Look again in a moment.",
    backpacks: "How it goes with each backpack is on <link>its own page</link>.",
    kind: "Work",
    reason: "Why",
    many: "How many",
    last: "Last",
    "parked-list": "Work that was given up",
    "name-database": "Database",
    "name-schema": "Tables",
    "name-keys": "Signing keys",
    "name-address": "Public address",
    "name-issued": "Address in badges",
    "name-mail": "Mail",
    "name-mails": "Failed mails",
    "name-clock": "Clock",
    "name-images": "Image engine",
    "name-jobs": "Waiting work",
    "name-parked": "Work given up",
    "found-database": "{where} answers in {milliseconds} ms",
    "found-database-silent": "{where} does not answer",
    "fix-database-silent":
      "Check DATABASE_URL and its token; a damaged file must be restored from a backup.",
    "found-schema": "{name}",
    "found-schema-other": "another version than this program’s",
    "fix-schema-other":
      "The next start applies what is missing. If a newer version wrote this database, start that version, or restore a backup.",
    "found-schema-unknown": "unknown migration {names}",
    "fix-schema-unknown":
      "A newer version wrote this database: start that version, or restore a backup.",
    "found-schema-missing":
      "{count, plural, one {# migration is} other {# migrations are}} missing",
    "fix-schema-missing": "The next start applies them; for Workers run `rosette migrate`.",
    "found-keys": "{count, plural, =0 {none yet} one {# key opens} other {# keys open}}",
    "found-keys-sealed": "{count} of {all} cannot be opened",
    "fix-keys-sealed":
      "They were sealed with another secret. Put the secret before into SECRET_KEY_RETIRED and start again; if it is lost, change the signing keys: old badges still verify.",
    "found-address": "{address}",
    "found-address-local": "{address}",
    "fix-address-local":
      "This address is local: badges verify on this machine only. Set PUBLIC_URL to the public https address before issuing real ones.",
    "found-issued": "{address}",
    "found-issued-none": "nothing issued yet",
    "found-issued-other": "{address}",
    "fix-issued-other":
      "Badges say {address}, the settings say {own}. Ids are for ever: set PUBLIC_URL={address}, or keep that address leading here.",
    "found-mail": "{server}",
    "found-mail-demo": "kept at /dev/mail",
    "found-mail-none": "not set up",
    "fix-mail-none": "Nobody can sign in by mail. Set SMTP_URL to the address of a mail server.",
    "found-mail-fault": "{server} {fault}",
    "fix-mail-fault": "Check SMTP_URL.",
    "fix-mail-server-unreachable":
      "Nothing takes mails there. Check host and port of SMTP_URL, and that this machine may reach them.",
    "fix-mail-credentials-refused":
      "The server does not take the user name and password of SMTP_URL. Signs such as @ in them are written as %40.",
    "fix-mail-tls-failed":
      "The server offers no TLS that can be trusted, and a password is not sent without. Use smtps:// or another port.",
    "found-mails": "none",
    "found-mails-parked": "{count, plural, one {# mail} other {# mails}} could not be sent",
    "fix-mails-parked":
      "Each organization’s administrators see theirs, and why, under Mail, and have them sent again there.",
    "found-clock": "{now}",
    "found-clock-wrong": "{now}",
    "fix-clock-wrong": "Set the machine’s clock: awards would be dated in the past.",
    "found-clock-behind": "{now}, and something was written at {written}",
    "fix-clock-behind":
      "The clock was ahead before, or is behind now. Have the machine keep time by NTP.",
    "found-images": "draws PNG from SVG",
    "found-images-absent": "this runtime has none",
    "fix-images-absent":
      "Badges with SVG art have no PNG here. Upload square PNG pictures, or let a server on Node.js draw them.",
    "found-images-none": "{reason}",
    "fix-images-none":
      "Badges with SVG art will have no PNG. Run `npm ci` on this machine: the drawing library is made for each system.",
    "found-jobs": "nothing is late",
    "found-jobs-late":
      "{count, plural, one {# piece of work is} other {# pieces of work are}} late, since {since}",
    "fix-jobs-late":
      "Something must do it: the server itself, and on Workers the Cron Trigger. Check that it runs, and see its log.",
    "found-parked": "none",
    "found-parked-some": "{count, plural, one {# piece} other {# pieces}}",
    "fix-parked-some":
      "It failed for too long and waits for somebody. Put right what its reason names, then have it done again.",
  },
  {
    title: "Zustand",
    lead: "Was diese Installation braucht, gerade eben nachgesehen.",
    "all-well": "Alles ist in Ordnung.",
    "some-wrong":
      "{count, plural, one {Um eine Sache muss sich jemand} other {Um # Dinge muss sich jemand}} kümmern.",
    ok: "in Ordnung",
    warn: "bitte ansehen",
    fail: "zu beheben",
    command: "In einem Terminal, wo Rosette läuft:",
    again: "Noch einmal nachsehen",
    retry: "Alles noch einmal tun",
    "done-retried": "Es wird noch einmal getan. Sehen Sie in einem Moment wieder nach.",
    backpacks:
      "Wie es um die einzelnen Backpacks steht, steht auf <link>einer eigenen Seite</link>.",
    kind: "Arbeit",
    reason: "Warum",
    many: "Wie viele",
    last: "Zuletzt",
    "parked-list": "Aufgegebene Arbeit",
    "name-database": "Datenbank",
    "name-schema": "Tabellen",
    "name-keys": "Signaturschlüssel",
    "name-address": "Öffentliche Adresse",
    "name-issued": "Adresse in Badges",
    "name-mail": "E-Mail",
    "name-mails": "Fehlgeschlagene E-Mails",
    "name-clock": "Uhr",
    "name-images": "Bildbearbeitung",
    "name-jobs": "Wartende Arbeit",
    "name-parked": "Aufgegebene Arbeit",
    "found-database": "{where} antwortet in {milliseconds} ms",
    "found-database-silent": "{where} antwortet nicht",
    "fix-database-silent":
      "Prüfen Sie DATABASE_URL und das Token; eine beschädigte Datei muss aus einer Sicherung wiederhergestellt werden.",
    "found-schema": "{name}",
    "found-schema-other": "nicht die Version dieses Programms",
    "fix-schema-other":
      "Der nächste Start holt Fehlendes nach. Hat eine neuere Version diese Datenbank geschrieben, starten Sie diese oder stellen Sie eine Sicherung wieder her.",
    "found-schema-unknown": "unbekannte Migration {names}",
    "fix-schema-unknown":
      "Eine neuere Version hat diese Datenbank geschrieben: Starten Sie diese oder stellen Sie eine Sicherung wieder her.",
    "found-schema-missing": "{count, plural, one {# Migration fehlt} other {# Migrationen fehlen}}",
    "fix-schema-missing":
      "Der nächste Start holt sie nach; für Workers führen Sie `rosette migrate` aus.",
    "found-keys":
      "{count, plural, =0 {noch keine} one {# Schlüssel lässt sich öffnen} other {# Schlüssel lassen sich öffnen}}",
    "found-keys-sealed": "{count} von {all} lassen sich nicht öffnen",
    "fix-keys-sealed":
      "Sie wurden mit einem anderen Geheimnis versiegelt. Tragen Sie das bisherige in SECRET_KEY_RETIRED ein und starten Sie neu; ist es verloren, wechseln Sie die Signaturschlüssel: Alte Badges bleiben gültig.",
    "found-address": "{address}",
    "found-address-local": "{address}",
    "fix-address-local":
      "Diese Adresse gilt nur hier: Badges sind nur auf diesem Rechner prüfbar. Setzen Sie PUBLIC_URL auf die öffentliche https-Adresse, bevor Sie echte verleihen.",
    "found-issued": "{address}",
    "found-issued-none": "noch nichts verliehen",
    "found-issued-other": "{address}",
    "fix-issued-other":
      "In Badges steht {address}, in den Einstellungen {own}. Kennungen gelten für immer: Setzen Sie PUBLIC_URL={address} oder lassen Sie diese Adresse weiter hierher führen.",
    "found-mail": "{server}",
    "found-mail-demo": "aufgehoben unter /dev/mail",
    "found-mail-none": "nicht eingerichtet",
    "fix-mail-none":
      "Niemand kann sich per E-Mail anmelden. Setzen Sie SMTP_URL auf die Adresse eines Mailservers.",
    "found-mail-fault": "{server} {fault}",
    "fix-mail-fault": "Prüfen Sie SMTP_URL.",
    "fix-mail-server-unreachable":
      "Dort nimmt nichts E-Mails an. Prüfen Sie Host und Port in SMTP_URL und ob dieser Rechner sie erreichen darf.",
    "fix-mail-credentials-refused":
      "Der Server nimmt Benutzernamen und Passwort aus SMTP_URL nicht an. Zeichen wie @ darin werden als %40 geschrieben.",
    "fix-mail-tls-failed":
      "Der Server bietet kein vertrauenswürdiges TLS, und ohne wird kein Passwort gesendet. Verwenden Sie smtps:// oder einen anderen Port.",
    "found-mails": "keine",
    "found-mails-parked":
      "{count, plural, one {# E-Mail konnte} other {# E-Mails konnten}} nicht gesendet werden",
    "fix-mails-parked":
      "Wer eine Organisation verwaltet, sieht die ihren samt Grund unter „E-Mail“ und lässt sie dort erneut senden.",
    "found-clock": "{now}",
    "found-clock-wrong": "{now}",
    "fix-clock-wrong": "Stellen Sie die Uhr des Rechners: Verleihungen wären zurückdatiert.",
    "found-clock-behind": "{now}, und etwas wurde um {written} geschrieben",
    "fix-clock-behind":
      "Die Uhr ging vor oder geht jetzt nach. Lassen Sie den Rechner die Zeit per NTP halten.",
    "found-images": "zeichnet PNG aus SVG",
    "found-images-absent": "diese Laufzeitumgebung hat keine",
    "fix-images-absent":
      "Badges mit SVG-Bildern haben hier kein PNG. Laden Sie quadratische PNG-Bilder hoch oder lassen Sie sie von einem Server auf Node.js zeichnen.",
    "found-images-none": "{reason}",
    "fix-images-none":
      "Badges mit SVG-Bildern bekommen kein PNG. Führen Sie auf diesem Rechner `npm ci` aus: Die Zeichenbibliothek ist für jedes System eine andere.",
    "found-jobs": "nichts ist überfällig",
    "found-jobs-late":
      "{count, plural, one {# Arbeit ist} other {# Arbeiten sind}} überfällig, seit {since}",
    "fix-jobs-late":
      "Jemand muss sie tun: der Server selbst, auf Workers der Cron Trigger. Prüfen Sie, ob er läuft, und sehen Sie in sein Log.",
    "found-parked": "keine",
    "found-parked-some": "{count, plural, one {# Arbeit} other {# Arbeiten}}",
    "fix-parked-some":
      "Sie schlug zu lange fehl und wartet auf jemanden. Beheben Sie, was der Grund nennt, und lassen Sie sie dann noch einmal tun.",
  },
);
