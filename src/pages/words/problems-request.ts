// What can go wrong with a request as such, in the languages that the table of problems does not speak.
import type { ProblemWords } from "./problems.ts";

export const REQUEST_PROBLEMS_DE = {
  "not-found": {
    title: "Unter dieser Adresse gibt es nichts",
    what: "Keine Seite und kein Objekt hat diese Adresse, oder es gehört einer anderen Organisation.",
    fix: "Prüfen Sie, ob in der Adresse ein Zeichen fehlt oder verändert ist. Ein API-Schlüssel sieht nur seine eigene Organisation.",
  },
  gone: {
    title: "Was hier war, wurde entfernt",
    what: "Unter dieser Adresse war etwas veröffentlicht, das der Aussteller inzwischen endgültig entfernt hat.",
    fix: "Verlassen Sie sich nicht mehr darauf. Fragen Sie den Aussteller, ob etwas anderes an seine Stelle getreten ist.",
  },
  "method-not-allowed": {
    title: "Diese Adresse antwortet auf diese Methode nicht",
    what: "Die Adresse gibt es, aber nicht für die verwendete HTTP-Methode.",
    fix: "Verwenden Sie eine der Methoden, die der Header Allow nennt.",
  },
  "body-too-large": {
    title: "Die Anfrage ist zu groß",
    what: "Der Inhalt ist länger, als diese Adresse annimmt.",
    fix: "Senden Sie weniger als die Grenze, die die Antwort nennt, oder teilen Sie die Anfrage auf.",
  },
  "body-incomplete": {
    title: "Die Anfrage ist abgebrochen",
    what: "Die Verbindung endete, oder die Kodierung des Inhalts brach, bevor alles angekommen war.",
    fix: "Senden Sie die Anfrage noch einmal vollständig; mit demselben Idempotency-Key wird sie höchstens einmal ausgeführt.",
  },
  "unsupported-media-type": {
    title: "Diese Art von Inhalt wird hier nicht angenommen",
    what: "Der Content-Type fehlt oder ist keiner, den diese Adresse liest.",
    fix: "Senden Sie den Content-Type, den die Antwort nennt.",
  },
  "invalid-json": {
    title: "Der Inhalt ist kein JSON",
    what: "Der Inhalt ließ sich nicht als ein JSON-Dokument in UTF-8 lesen.",
    fix: "Senden Sie JSON in UTF-8, ohne doppelte Namen und höchstens 32 Ebenen tief.",
  },
  "format-not-offered": {
    title: "Dieses Format wird nicht angeboten",
    what: "Die Adresse kann in mehreren Formaten antworten, und das verlangte ist keines davon.",
    fix: "Verlangen Sie `json` oder `xml`, oder lassen Sie `format` weg.",
  },
  "invalid-request": {
    title: "Einige Angaben sind nicht zulässig",
    what: "Die Anfrage ist richtig aufgebaut, aber Angaben darin verstoßen gegen eine Regel.",
    fix: "Berichtigen Sie die Angaben, auf die `errors` zeigt; bei jeder steht, wie sie sein muss.",
  },
  "internal-error": {
    title: "Bei uns ist etwas schiefgegangen",
    what: "Auf dem Server ist ein Fehler aufgetreten. Nichts wurde halb ausgeführt.",
    fix: "Versuchen Sie es noch einmal; wenn es wieder geschieht, nennen Sie dem Betreiber die Kennung der Anfrage.",
  },
  "temporarily-unavailable": {
    title: "Gerade ist keine Antwort möglich",
    what: "Die Datenbank ist ausgelastet oder antwortet nicht. Nichts wurde halb ausgeführt.",
    fix: "Versuchen Sie es nach den Sekunden, die Retry-After nennt, mit demselben Idempotency-Key noch einmal.",
  },
  "storage-full": {
    title: "Es ist kein Platz mehr, um das zu speichern",
    what: "Der Datenträger oder die Datenbank ist voll. Lesen geht weiterhin; nichts wurde halb ausgeführt.",
    fix: "Der Betreiber muss Platz schaffen; senden Sie die Anfrage danach noch einmal.",
  },
  "missing-credentials": {
    title: "Ein API-Schlüssel ist nötig",
    what: "Die Anfrage enthält keinen API-Schlüssel.",
    fix: "Senden Sie `Authorization: Bearer …` mit einem Schlüssel, den `rosette keys create` erzeugt hat; im Browser melden Sie sich unter /login an.",
  },
  "invalid-credentials": {
    title: "Dieser API-Schlüssel ist nicht gültig",
    what: "Der Schlüssel ist unbekannt, widerrufen oder abgelaufen.",
    fix: "Prüfen Sie, ob der ganze Schlüssel kopiert wurde, oder erzeugen Sie einen neuen mit `rosette keys create`.",
  },
  "insufficient-scope": {
    title: "Dieser API-Schlüssel darf das nicht",
    what: "Der Schlüssel ist gültig, wurde aber für andere Aufgaben erzeugt.",
    fix: "Verwenden Sie einen Schlüssel mit der Berechtigung, die die Antwort nennt.",
  },
  "role-required": {
    title: "Dafür fehlt eine Rolle in der Organisation",
    what: "Das ist Personen mit einer anderen Rolle in der Organisation vorbehalten.",
    fix: "Bitten Sie die Verwaltung der Organisation um eine der Rollen, die die Antwort nennt, oder darum, es für Sie zu tun.",
  },
  "cross-site-request": {
    title: "Die Anfrage kommt nicht von einer Seite dieser Website",
    what: "Ein angemeldeter Browser hat sie gesendet, und nichts zeigt, dass eine Seite dieser Website sie veranlasst hat: Eine andere Website könnte es gewesen sein.",
    fix: "Senden Sie sie von einer Seite dieser Website, oder verwenden Sie einen API-Schlüssel.",
  },
  "organization-required": {
    title: "Es ist nicht angegeben, welche Organisation gemeint ist",
    what: "Es wurde ein Schlüssel für die ganze Website verwendet, wo die Daten einer Organisation gemeint sind.",
    fix: "Senden Sie `Rosette-Organization: …` mit der Kennung oder dem Kürzel der Organisation, oder verwenden Sie einen Schlüssel der Organisation selbst.",
  },
  "site-key-required": {
    title: "Das darf nur ein Schlüssel für die ganze Website",
    what: "Der Schlüssel gehört einer Organisation, und das betrifft alle.",
    fix: "Verwenden Sie einen Schlüssel ohne Organisation: `rosette keys create --site`.",
  },
  "form-malformed": {
    title: "Das Formular ist nicht lesbar",
    what: "Der Inhalt ist nicht das mehrteilige Formular, das sein Content-Type ankündigt.",
    fix: "Lassen Sie den HTTP-Client das Formular bilden: `curl -F file=@badge.png …`. Oder senden Sie die Datei selbst als Inhalt.",
  },
  "idempotency-key-invalid": {
    title: "Der Idempotency-Key ist nicht verwendbar",
    what: "Der Header ist leer, zu lang oder enthält Zeichen, die kein sichtbares ASCII sind.",
    fix: "Senden Sie 1 bis 255 sichtbare ASCII-Zeichen, etwa eine UUID, die nur für diese Anfrage erzeugt wurde.",
  },
  "idempotency-key-reused": {
    title: "Dieser Idempotency-Key wurde für eine andere Anfrage verwendet",
    what: "Ein Schlüssel steht für eine Anfrage; diese kam mit anderer Methode, Adresse, Organisation oder anderem Inhalt.",
    fix: "Bilden Sie für jede neue Anfrage einen neuen Schlüssel; wiederholen Sie einen Schlüssel nur mit genau derselben Anfrage.",
  },
  "precondition-failed": {
    title: "Das Objekt hat sich geändert, seit Sie es gelesen haben",
    what: "Der Wert in If-Match ist nicht der jetzige des Objekts. Nichts wurde geändert.",
    fix: "Rufen Sie das Objekt noch einmal ab, ändern Sie, was Sie vorfinden, und senden Sie dessen neuen ETag.",
  },
  "edit-conflict": {
    title: "Andere ändern gerade dasselbe",
    what: "Worauf die Änderung beruhte, änderte sich fortwährend, während sie vorgenommen wurde. Nichts wurde geändert.",
    fix: "Lesen Sie das Objekt noch einmal und wiederholen Sie die Änderung.",
  },
  "signing-key-sealed": {
    title: "Badges können gerade nicht signiert werden",
    what: "Der Signaturschlüssel der Organisation ist mit einem Geheimnis versiegelt, das dieser Server nicht erhalten hat. Gehostete Badges sind nicht betroffen.",
    fix: "Der Betreiber muss das frühere Geheimnis zu SECRET_KEY_RETIRED hinzufügen oder mit `rosette signing-keys rotate` einen neuen Schlüssel erzeugen.",
  },
  "slug-taken": {
    title: "Eine andere Organisation hat dieses Kürzel",
    what: "Ein Kürzel benennt eine Organisation in Adressen, und dieses ist vergeben.",
    fix: "Wählen Sie ein anderes Kürzel.",
  },
  "identity-taken": {
    title: "Unter dieser Angabe ist hier schon jemand bekannt",
    what: "Innerhalb einer Organisation steht eine Adresse, Nummer oder Kennung für eine Person.",
    fix: "Suchen Sie die Person mit `GET /api/v1/users?identity=…`, und verwenden oder ändern Sie diesen Eintrag.",
  },
  "identity-in-use": {
    title: "Diese Angabe lässt sich nicht entfernen",
    what: "Auf sie wurden Verleihungen ausgestellt, oder sie gehört der Person und nicht der Organisation.",
    fix: "Lassen Sie sie stehen und fügen Sie eine weitere hinzu; neue Verleihungen können auf diese ausgestellt werden.",
  },
  "sign-in-required": {
    title: "Melden Sie sich zuerst an",
    what: "Die Seite gehört einer Person, und niemand ist angemeldet: Die Sitzung wurde beendet oder ist abgelaufen.",
    fix: "Melden Sie sich unter /login an und öffnen Sie die Seite noch einmal.",
  },
  "administrator-required": {
    title: "Das dürfen nur die Administratorinnen und Administratoren dieser Website sehen",
    what: "Die Seite ist für jene, die betreuen, was alle Organisationen teilen.",
    fix: "Melden Sie sich mit der Adresse einer solchen Person an. Der Betreiber richtet sie mit `rosette administrator add` ein.",
  },
  "too-many-sign-ins": {
    title: "Es wurden zu viele Anmeldungen begonnen",
    what: "Von einer Netzadresse aus kann in einer Stunde nur eine begrenzte Zahl von Anmeldungen begonnen werden.",
    fix: "Versuchen Sie es nach den Sekunden, die Retry-After nennt, noch einmal.",
  },
  "form-expired": {
    title: "Dieses Formular gilt nicht mehr",
    what: "Das Formular gehörte zu einer anderen Sitzung, oder eine andere Website hat es gesendet. Nichts wurde geändert.",
    fix: "Gehen Sie zurück, laden Sie die Seite neu, und senden Sie das Formular von dort.",
  },
  "authorization-refused": {
    title: "Die App hat auf eine Weise um Zugriff gebeten, die abgelehnt wird",
    what: "Was die App mitgesendet hat, ist unvollständig oder weicht von dem ab, was sie registriert hat. Sie hat nichts erhalten, und nichts wurde an sie zurückgesendet.",
    fix: "Gehen Sie zurück zur App und verbinden Sie sie noch einmal. Wenn es wieder geschieht, wenden Sie sich an deren Betreiber.",
  },
  "too-many-authorizations": {
    title: "Zu viele Apps haben um Zugriff gebeten",
    what: "Von einer Netzadresse aus kann in einer Stunde nur eine begrenzte Zahl von Zugriffsanfragen begonnen werden.",
    fix: "Versuchen Sie es nach den Sekunden, die Retry-After nennt, noch einmal.",
  },
  "authorization-gone": {
    title: "Diese Anfrage um Zugriff ist beendet",
    what: "Sie wurde schon beantwortet, ist mehr als eine Stunde alt oder wurde in einem anderen Browser begonnen.",
    fix: "Gehen Sie zurück zur App und verbinden Sie sie noch einmal.",
  },
  "too-many-verifications": {
    title: "Gerade werden zu viele Badges geprüft",
    what: "Jede Prüfung fragt andere Server, deshalb finden nur einige zugleich statt, insgesamt und für jeden, der fragt.",
    fix: "Versuchen Sie es nach den Sekunden, die Retry-After nennt, noch einmal; prüfen Sie lange Listen nacheinander.",
  },
} as const satisfies Record<string, ProblemWords>;
