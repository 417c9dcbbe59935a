// What the settings of an organization say, and the page of its export.
import { area } from "./speak.tsx";

export const SETTINGS_WORDS = area(
  {
    title: "Settings",
    lead: "What every badge says of {organization}, its issuer. Changes show on badges awarded before, too.",
    profile: "Issuer profile",
    "see-profile": "The profile as verifiers read it",
    name: "Name",
    url: "Website",
    "url-help": "The whole address, such as https://northside.example/.",
    email: "Contact address",
    "email-help": "Public: it stands in the profile of the issuer.",
    description: "Description",
    "description-help": "Who you are, in a few sentences.",
    telephone: "Telephone",
    "telephone-help": "Public, in international form: +16175551212. May stay empty.",
    language: "Language",
    "language-help":
      "Of your badges and mails, unless a badge or a person has another: en, de, pt-BR.",
    slug: "Short name",
    "slug-help":
      "Stands in addresses such as /issuers/northside. Links to the old one stop working.",
    listed: "In the public catalogue",
    "listed-help": "Your badges are found at /catalog, and your organization has a page there.",
    "also-valid": "Where else badges of yours are hosted",
    "also-valid-help":
      "Only for issuers who host badges elsewhere, too. Verifiers accept assertions below these addresses as yours.",
    "starts-with": "Prefix of all assertions",
    "starts-with-help": "Begins with https:// and ends with a slash. Usually empty.",
    origins: "Other host names",
    "origins-help": "Such as badges.example.org, separated by commas. Usually empty.",
    save: "Save",
    picture: "Picture",
    "picture-lead": "A logo, square, as PNG or SVG. It stands beside your badges.",
    "picture-none": "No picture yet.",
    "picture-alt": "Picture of {organization}",
    "picture-file": "File",
    "picture-upload": "Upload",
    "picture-remove": "Remove the picture",
    "picture-missing": "No file was chosen.",
    "picture-missing-fix": "Choose a PNG or SVG, then press Upload.",
    address: "Public address",
    "address-lead": "Every badge’s identifier begins with it, for ever:",
    "address-local":
      "It is an address of this machine or network only: badges issued now will not verify elsewhere. Set PUBLIC_URL to the public address where Rosette is started, then start it again.",
    "address-fixed": "It is set where Rosette is started (PUBLIC_URL), and cannot be changed here.",
    changed: "Somebody else has changed the settings meanwhile.",
    "changed-fix": "What you see now is as it stands. Make your change again.",
    "done-saved": "The settings are saved.",
    "done-picture": "The picture is shown from now on.",
    "done-removed": "The picture is removed.",
    "export-title": "Export",
    "export-lead": "Everything of {organization}, in one file that other programs can read.",
    "export-what": "What is in it",
    "export-profile": "The organization’s profile and settings, mail texts and pictures",
    "export-badges": "Badges with criteria, tiers, alignments, endorsements and versions",
    "export-people":
      "People as your organization knows them: names, roles, addresses, what was counted for them",
    "export-awards": "Awards with their public addresses, and signed ones as they were signed",
    "export-work":
      "Nominations, vouches, imports, claim codes without the codes, and the audit log",
    "export-not": "What is not",
    "export-secrets":
      "Secrets: private signing keys, API keys, webhook secrets, passwords and tokens of backpacks",
    "export-theirs":
      "What people keep for themselves: their backpacks, their sessions, other organizations",
    "export-form":
      "JSON Lines: one record a line, UTF-8. The first line says what the file is, the last how many records there are of each kind: without it, the file is not whole.",
    "export-personal":
      "The file holds personal data. That it was taken is written into the audit log.",
    "export-now": "Export everything",
    "export-cli": "The same from the command line:",
  },
  {
    title: "Einstellungen",
    lead: "Was jedes Badge über {organization}, seinen Aussteller, sagt. Änderungen gelten auch für schon verliehene Badges.",
    profile: "Ausstellerprofil",
    "see-profile": "Das Profil, wie Prüfende es lesen",
    name: "Name",
    url: "Website",
    "url-help": "Die ganze Adresse, etwa https://northside.example/.",
    email: "Kontaktadresse",
    "email-help": "Öffentlich: Sie steht im Profil des Ausstellers.",
    description: "Beschreibung",
    "description-help": "Wer Sie sind, in wenigen Sätzen.",
    telephone: "Telefon",
    "telephone-help": "Öffentlich, in internationaler Form: +16175551212. Kann leer bleiben.",
    language: "Sprache",
    "language-help":
      "Die Ihrer Badges und E-Mails, wenn ein Badge oder eine Person keine andere hat: en, de, pt-BR.",
    slug: "Kurzname",
    "slug-help":
      "Steht in Adressen wie /issuers/northside. Verweise auf den alten führen dann ins Leere.",
    listed: "Im öffentlichen Katalog",
    "listed-help":
      "Ihre Badges sind unter /catalog zu finden, und Ihre Organisation hat dort eine Seite.",
    "also-valid": "Wo Badges von Ihnen sonst noch liegen",
    "also-valid-help":
      "Nur für Aussteller, deren Badges auch anderswo liegen. Prüfende erkennen Badges unter diesen Adressen als Ihre an.",
    "starts-with": "Anfang aller Adressen",
    "starts-with-help": "Beginnt mit https:// und endet mit einem Schrägstrich. Meist leer.",
    origins: "Weitere Hostnamen",
    "origins-help": "Etwa badges.example.org, durch Kommas getrennt. Meist leer.",
    save: "Speichern",
    picture: "Bild",
    "picture-lead": "Ein Logo, quadratisch, als PNG oder SVG. Es steht neben Ihren Badges.",
    "picture-none": "Noch kein Bild.",
    "picture-alt": "Bild von {organization}",
    "picture-file": "Datei",
    "picture-upload": "Hochladen",
    "picture-remove": "Bild entfernen",
    "picture-missing": "Es wurde keine Datei gewählt.",
    "picture-missing-fix": "Wählen Sie ein PNG oder SVG und dann „Hochladen“.",
    address: "Öffentliche Adresse",
    "address-lead": "Damit beginnt die Kennung jedes Badges, für immer:",
    "address-local":
      "Sie ist nur auf diesem Rechner oder in diesem Netz erreichbar: Badges, die jetzt verliehen werden, lassen sich anderswo nicht prüfen. Setzen Sie PUBLIC_URL dort, wo Rosette gestartet wird, auf die öffentliche Adresse und starten Sie es neu.",
    "address-fixed":
      "Sie wird dort festgelegt, wo Rosette gestartet wird (PUBLIC_URL), und lässt sich hier nicht ändern.",
    changed: "Jemand anders hat die Einstellungen inzwischen geändert.",
    "changed-fix": "Sie sehen jetzt den aktuellen Stand. Nehmen Sie Ihre Änderung noch einmal vor.",
    "done-saved": "Die Einstellungen sind gespeichert.",
    "done-picture": "Das Bild wird von jetzt an gezeigt.",
    "done-removed": "Das Bild ist entfernt.",
    "export-title": "Export",
    "export-lead": "Alles von {organization} in einer Datei, die andere Programme lesen können.",
    "export-what": "Was darin steht",
    "export-profile": "Profil und Einstellungen der Organisation, E-Mail-Texte und Bilder",
    "export-badges": "Badges mit Kriterien, Stufen, Bezügen, Empfehlungen und Versionen",
    "export-people":
      "Personen, wie Ihre Organisation sie kennt: Namen, Rollen, Adressen und was für sie gezählt wurde",
    "export-awards":
      "Verliehene Badges mit ihren öffentlichen Adressen, signierte so, wie sie signiert wurden",
    "export-work":
      "Vorschläge, Bürgschaften, Importe, Einlösecodes ohne die Codes selbst und das Protokoll",
    "export-not": "Was nicht darin steht",
    "export-secrets":
      "Geheimnisse: private Signaturschlüssel, API-Schlüssel, Geheimnisse von Webhooks, Kennwörter und Token von Backpacks",
    "export-theirs":
      "Was Personen für sich behalten: ihre Backpacks, ihre Sitzungen, andere Organisationen",
    "export-form":
      "JSON Lines: ein Datensatz je Zeile, UTF-8. Die erste Zeile sagt, was die Datei ist, die letzte, wie viele Datensätze es von jeder Art gibt: Fehlt sie, ist die Datei nicht vollständig.",
    "export-personal":
      "Die Datei enthält personenbezogene Daten. Dass sie erstellt wurde, steht im Protokoll.",
    "export-now": "Alles exportieren",
    "export-cli": "Dasselbe auf der Kommandozeile:",
  },
);
