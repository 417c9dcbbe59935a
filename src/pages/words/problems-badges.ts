// What can go wrong with badges, in the languages that the table of problems does not speak.
import type { ProblemWords } from "./problems.ts";

export const BADGE_PROBLEMS_DE = {
  "image-too-large": {
    title: "Das Bild ist zu groß",
    what: "Die Datei hat mehr Bytes, als ein Bild hier haben darf.",
    fix: "Exportieren Sie das Bild kleiner (512 mal 512 Pixel genügen), oder bearbeiten Sie das PNG mit einem Optimierer.",
  },
  "image-not-supported": {
    title: "Das Bild ist weder PNG noch SVG",
    what: "Open Badges enthalten nur PNG- und SVG-Bilder; der Inhalt der Datei ist etwas anderes.",
    fix: "Exportieren Sie das Bild als PNG oder SVG. Die Datei umzubenennen ändert nicht, was darin ist.",
  },
  "image-dimensions": {
    title: "Die Größe des Bildes passt nicht für ein Badge",
    what: "Das Bild ist zu klein, hat zu viele Pixel, ist nicht quadratisch, wo dieser Server es nicht quadratisch machen kann, oder sagt nicht, wie groß es ist.",
    fix: "Exportieren Sie ein quadratisches Bild mit 400 bis 2048 Pixeln je Seite; geben Sie einem SVG eine viewBox.",
  },
  "image-unreadable": {
    title: "Das Bild lässt sich nicht zeichnen",
    what: "Die Datei sieht wie ein Bild aus, aber das Zeichnen misslang oder dauerte zu lange.",
    fix: "Öffnen Sie sie in einem Bildprogramm, vereinfachen Sie sie, wenn sie aufwendig ist, und exportieren Sie sie noch einmal.",
  },
  "png-malformed": {
    title: "Das PNG ist beschädigt",
    what: "Die Datei beginnt wie ein PNG, verletzt aber die Regeln des Formats: Sie ist abgeschnitten, verändert oder falsch geschrieben.",
    fix: "Öffnen Sie sie in einem Bildprogramm, speichern Sie sie wieder als PNG, und laden Sie die neue Datei hoch.",
  },
  "png-too-many-chunks": {
    title: "Das PNG hat zu viele Teile",
    what: "Die Datei ist in mehr Abschnitte zerlegt, als ein gängiges Programm schreibt.",
    fix: "Speichern Sie das Bild mit einem gängigen Bildprogramm oder PNG-Optimierer neu.",
  },
  "svg-malformed": {
    title: "Das SVG ist nicht wohlgeformt",
    what: "Die Datei ist kein einzelnes SVG-Dokument in UTF-8, das jedes Leseprogramm für Badges versteht.",
    fix: "Berichtigen Sie die Stelle, die `errors` nennt, oder exportieren Sie die Zeichnung noch einmal als einfaches SVG in UTF-8.",
  },
  "svg-entities": {
    title: "Das SVG vereinbart Entitäten oder einen fremden Dokumenttyp",
    what: "Vereinbarungen des Dokumenttyps können eine kleine Datei endlos aufblähen oder andere Dateien lesen lassen.",
    fix: "Entfernen Sie die Zeile <!DOCTYPE …> mit allem, was sie vereinbart, oder exportieren Sie als einfaches SVG.",
  },
  "svg-active-content": {
    title: "Das SVG enthält mehr als ein Bild",
    what: "Die Datei enthält ein Skript, eine Ereignisbehandlung, fremde Inhalte oder einen Stil, der etwas lädt oder ausführt.",
    fix: "Entfernen Sie, was `errors` nennt. Die meisten Programme tun das mit „Als einfaches SVG exportieren“.",
  },
  "svg-external-reference": {
    title: "Das SVG verweist auf etwas außerhalb seiner selbst",
    what: "Das Bild eines Badges muss in sich vollständig sein: Die Datei verweist auf eine andere.",
    fix: "Betten Sie das andere Bild als PNG oder JPEG mit einer data:-Adresse ein, oder entfernen Sie den Verweis.",
  },
  "svg-too-deep": {
    title: "Das SVG ist zu tief verschachtelt",
    what: "Elemente stehen über mehr Ebenen in Elementen, als ein Bild braucht.",
    fix: "Lösen Sie in Ihrem Programm die Gruppierungen der Zeichnung auf und exportieren Sie sie noch einmal.",
  },
  "svg-too-complex": {
    title: "Das SVG ist zu aufwendig",
    what: "Die Datei hat mehr Elemente oder Attribute, als hier gezeichnet werden, oder ihre Verweise ergeben so viele.",
    fix: "Vereinfachen Sie die Zeichnung, wandeln Sie ihre Klone um, oder exportieren Sie sie als PNG mit 512 mal 512 Pixeln.",
  },
  "badge-name-taken": {
    title: "Ein anderes Badge der Organisation heißt schon so",
    what: "Namen sind unter den Badges einer Organisation eindeutig, archivierte ausgenommen.",
    fix: "Wählen Sie einen anderen Namen, oder archivieren Sie das Badge, das ihn trägt.",
  },
  "badge-locked": {
    title: "Das Badge wurde verliehen, deshalb steht fest, was es sagt",
    what: "Es gibt Personen, denen dieses Badge verliehen wurde; was für sie veröffentlicht ist, darf sich nicht unter der Hand ändern.",
    fix: "Ändern Sie nur is_active, status, sort_order, is_visible_when_locked, is_renewable und die Nachrichtenfelder; für alles Übrige archivieren Sie dieses Badge und legen ein neues fest, das auf es verweist.",
  },
  "badge-archived": {
    title: "Das Badge ist archiviert",
    what: "Ein archiviertes Badge bleibt für alle, denen es verliehen wurde, wie es ist. Es lässt sich weder ändern noch verleihen.",
    fix: "Legen Sie ein neues Badge fest; ein archiviertes hat seinen Namen freigegeben.",
  },
  "badge-inactive": {
    title: "Das Badge ist nicht aktiv",
    what: "Ein Badge, das nicht aktiv ist, lässt sich nicht verleihen. Frühere Verleihungen bleiben gültig.",
    fix: "Setzen Sie is_active auf true, und verleihen Sie es dann.",
  },
  "recipient-not-active": {
    title: "Das Konto dieser Person ist nicht aktiv",
    what: "Badges werden nur an aktive Mitglieder verliehen, nicht an gesperrte oder stillgelegte.",
    fix: "Aktivieren Sie zuerst das Konto oder die Mitgliedschaft der Person wieder.",
  },
  "recipient-not-eligible": {
    title: "Keine der Rollen dieser Person darf das Badge erhalten",
    what: "Das Badge nennt die Rollen, die es erhalten dürfen, und die Person hat zurzeit keine davon.",
    fix: "Geben Sie der Person eine der Rollen, die die Antwort nennt, oder verleihen Sie ein anderes Badge.",
  },
  "award-revoked": {
    title: "Die Verleihung ist widerrufen",
    what: "Eine widerrufene Verleihung bleibt widerrufen: Sie lässt sich nicht berichtigen und neu ausstellen.",
    fix: "Verleihen Sie das Badge neu mit POST /api/v1/awards.",
  },
  "award-not-mailable": {
    title: "Zu dieser Verleihung lässt sich niemand anschreiben",
    what: "Die Verleihung ist verborgen, abgelehnt oder abgelaufen, oder sie wurde nicht auf eine E-Mail-Adresse ausgestellt.",
    fix: "Zeigen Sie eine verborgene Verleihung zuerst, erneuern Sie eine abgelaufene, oder geben Sie die Adresse der Seite des Badges weiter.",
  },
  "badge-not-renewable": {
    title: "Verleihungen dieses Badges werden nicht erneuert",
    what: "Eine abgelaufene Verleihung zählt weiter, außer wenn ihr Badge sagt, dass es erneuert werden kann.",
    fix: "Setzen Sie is_renewable des Badges mit PATCH /api/v1/badges/{id} auf true, und erneuern Sie dann die Verleihung.",
  },
  "award-not-expired": {
    title: "Die Verleihung ist nicht abgelaufen",
    what: "Eine Verleihung wird erneuert, sobald sie abgelaufen ist; wer eine gültige hat, braucht keine weitere.",
    fix: "Erneuern Sie sie nach ihrem Ende, oder berichtigen Sie ihr Ende mit POST /api/v1/awards/{id}/reissue.",
  },
  "badge-not-locked": {
    title: "Das Badge wurde nie verliehen",
    what: "Eine neue Version ist für Badges gedacht, die sich nicht mehr ändern lassen, weil sie verliehen wurden.",
    fix: "Ändern Sie das Badge selbst mit PATCH /api/v1/badges/{id}.",
  },
  "confirmation-missing": {
    title: "Was sich nicht rückgängig machen lässt, braucht eine Bestätigung",
    what: "Die Anfrage wiederholt nicht den Namen dessen, was endgültig entfernt werden soll. Nichts wurde entfernt.",
    fix: "Senden Sie den genauen Namen des Badges als `confirm`.",
  },
  "visibility-restricted": {
    title: "Diese Verleihung zu zeigen oder zu verbergen steht Ihnen nicht zu",
    what: "Ob eine Verleihung gezeigt wird, entscheidet die Person, der sie gilt, oder die Verwaltung der Organisation.",
    fix: "Bitten Sie die Person, der die Verleihung gilt, oder die Verwaltung der Organisation.",
  },
  "badge-held": {
    title: "Die Person hat das Badge schon",
    what: "Eine weitere Verleihung wäre eine mehr, als das Badge dieser Person erlaubt. Nichts wurde geändert.",
    fix: "Widerrufen Sie die falsche Verleihung, oder nennen Sie eine andere Person.",
  },
  "nomination-pending": {
    title: "Die Person ist für dieses Badge schon vorgeschlagen",
    what: "Ein Vorschlag derselben Person für dasselbe Badge wartet auf eine Entscheidung; es gibt immer nur einen.",
    fix: "Nehmen Sie den an, den die Antwort nennt, lehnen Sie ihn ab, oder ziehen Sie ihn zurück.",
  },
  "nomination-decided": {
    title: "Über den Vorschlag ist entschieden",
    what: "Er wurde angenommen, abgelehnt oder zurückgezogen, und dabei bleibt es.",
    fix: "Lesen Sie ihn noch einmal. Soll das Badge neu erwogen werden, schlagen Sie die Person neu vor.",
  },
  "badge-not-nominatable": {
    title: "Für dieses Badge wird niemand vorgeschlagen",
    what: "Das Badge wird nach gezählten Werten verliehen oder verlangt das Wort mehrerer Personen.",
    fix: "Nennen Sie ein Badge, für das Koordinierende Vorschläge machen, oder bürgen Sie für die Person mit POST /api/v1/badges/{id}/vouches.",
  },
  "own-badge": {
    title: "Niemand entscheidet über ein eigenes Badge",
    what: "Wer etwas vorgeschlagen hat oder vorgeschlagen ist, entscheidet nicht darüber, und niemand verleiht sich selbst ein Badge; nur die Verwaltung darf das.",
    fix: "Bitten Sie eine andere koordinierende Person oder die Verwaltung der Organisation.",
  },
  "vouch-counted": {
    title: "Auf dieses Wort hin wurde das Badge verliehen",
    what: "Wofür jemand gebürgt hat, kann zurückgenommen werden, bis das Badge verliehen ist.",
    fix: "Widerrufen Sie die Verleihung mit POST /api/v1/awards/{id}/revoke.",
  },
  "mail-not-set-up": {
    title: "Diese Installation sendet keine E-Mail",
    what: "Es ist kein Mailserver eingerichtet, deshalb kann niemand per E-Mail benachrichtigt werden.",
    fix: "Der Betreiber setzt SMTP_URL und MAIL_FROM und startet den Server neu; bitten Sie danach noch einmal darum.",
  },
  "webhook-endpoint-disabled": {
    title: "Dieser Webhook-Endpunkt ist ausgeschaltet",
    what: "An ihn wird nichts gesendet: Jemand hat ihn ausgeschaltet, er hat mit 410 Gone geantwortet, oder er hat tagelang nichts angenommen.",
    fix: "Ändern Sie ihn mit `enabled: true`, sobald er arbeitet, und senden Sie dann, was er versäumt hat.",
  },
  "too-many-webhook-endpoints": {
    title: "Die Organisation hat so viele Webhook-Endpunkte, wie sie haben darf",
    what: "Jeder Endpunkt erfährt von jedem Ereignis, deshalb gibt es eine Grenze. Nichts wurde hinzugefügt.",
    fix: "Löschen Sie einen Endpunkt, der nicht mehr gebraucht wird, oder geben Sie einem vorhandenen mehr Ereignisse.",
  },
  "import-finished": {
    title: "Der Import ist beendet",
    what: "Jede Zeile der Datei war erledigt, bevor der Import abgebrochen werden konnte.",
    fix: "Lesen Sie GET /api/v1/imports/{id}/rows; widerrufen Sie die Verleihungen, die nicht gemeint waren.",
  },
  "import-not-checked": {
    title: "Zeilen lassen sich nur in einem beendeten Probelauf ändern",
    what: "Der Import verleiht Badges oder arbeitet noch; seine Zeilen sind so, wie sie gesendet wurden.",
    fix: "Senden Sie POST /api/v1/imports/{id}/again mit dry_run true, ändern Sie die Zeilen, sobald er beendet ist, und verleihen Sie von dort aus.",
  },
  "claim-code-taken": {
    title: "Dieser Einlösecode ist vergeben",
    what: "Ein Einlösecode führt zu einem Badge, und ein anderes hat diesen Code oder hatte ihn.",
    fix: "Wählen Sie einen anderen Code, oder lassen Sie ihn weg, damit einer erzeugt wird.",
  },
  "too-many-claims": {
    title: "Es wurden zu viele unbekannte Einlösecodes versucht",
    what: "Von einer Netzadresse aus kann in einer Stunde nur eine begrenzte Zahl von Codes versucht werden, die es nicht gibt.",
    fix: "Versuchen Sie es nach den Sekunden, die Retry-After nennt, noch einmal, mit dem Code, wie Sie ihn erhalten haben.",
  },
  "event-conflict": {
    title: "Ein anderes Ereignis hat diese Kennung",
    what: "Unter derselben Kennung wurde schon ein Ereignis gesendet, das etwas anderes sagte. Aus der Anfrage wurde nichts gespeichert.",
    fix: "Senden Sie jedes Ereignis unter einer eigenen Kennung, und dasselbe Ereignis so, wie es war.",
  },
  "webhook-refused": {
    title: "Die Nachricht stammt von keinem Absender, der hier bekannt ist",
    what: "Die Quelle ist unbekannt oder widerrufen, die Signatur gehört zu keinem ihrer Geheimnisse, oder die Nachricht wurde vor mehr als fünf Minuten signiert.",
    fix: "Signieren Sie, wie Standard Webhooks es vorgibt: HMAC-SHA256 über `id.timestamp.body` mit dem Geheimnis der Quelle, mit dem jetzigen Zeitpunkt und dem Inhalt Byte für Byte.",
  },
  "too-many-event-sources": {
    title: "Die Organisation hat so viele Ereignisquellen, wie sie haben darf",
    what: "Nur eine begrenzte Zahl von Absendern signierter Ereignisse kann zugleich bekannt sein.",
    fix: "Widerrufen Sie eine Quelle, die nichts mehr sendet.",
  },
  "event-source-revoked": {
    title: "Die Ereignisquelle ist widerrufen",
    what: "Eine widerrufene Quelle bleibt widerrufen: Sie erhält kein neues Geheimnis.",
    fix: "Fügen Sie mit POST /api/v1/event-sources eine neue Quelle hinzu.",
  },
  "metric-name-taken": {
    title: "Eine Messgröße dieses Namens gibt es schon",
    what: "Namen von Messgrößen sind in einer Organisation eindeutig, und die stets vorhandenen gehören allen.",
    fix: "Wählen Sie einen anderen Namen, oder verwenden Sie die Messgröße, die GET /api/v1/metrics aufführt.",
  },
  "metric-in-use": {
    title: "Die Messgröße wird verwendet",
    what: "Ein Badge verlangt sie, oder unter ihrem Namen wurde schon etwas gezählt.",
    fix: "Nehmen Sie sie aus den Kriterien aller Badges. Was gezählt wurde, bleibt, und mit ihm die Messgröße.",
  },
} as const satisfies Record<string, ProblemWords>;
