// What the page of a person's own addresses, language and days says.
import { area } from "./speak.tsx";

export const IDENTITIES_WORDS = area(
  {
    title: "Addresses",
    heading: "Your addresses",
    lead: "Badges that were made out to one of these are yours here, whoever awarded them.",
    "confirmed-on": "Confirmed on {day}.",
    remove: "Remove",
    add: "Add an address",
    email: "E-mail address",
    "email-help": "A mail to it shows that it is yours.",
    send: "Send a mail to it",
    "no-mail": "To add an address, a mail must be sent to it, and this server cannot send any yet.",
    language: "Your language",
    "language-field": "Language",
    "language-help": "Of these pages, and of the mails you get from here.",
    "language-asked": "As my browser asks",
    days: "Your days",
    zone: "Time zone",
    "zone-help":
      "Badges for doing something day after day count your days. Without one they begin at midnight in UTC.",
    keep: "Save",

    "done-added": "The address is yours now, and so are the badges made out to it.",
    "done-removed": "The address was removed.",
    "done-zone": "Your days begin there from now on.",
    "done-language": "These pages speak to you in this language from now on.",

    "yours-already": "This address is yours already.",
    "yours-already-fix": "It is in the list below.",
    "no-zone": "There is no time zone of this name.",
    "no-zone-fix": "Choose one from the list, such as Europe/Berlin.",
    "no-language": "These pages do not speak this language.",
    "no-language-fix": "Choose one from the list.",
    "last-way-in": "This is the last way into your account.",
    "last-way-in-fix":
      "Add another address first; or disconnect your backpacks and apps, and hand over the care of the site, if you want to leave.",
  },
  {
    title: "Adressen",
    heading: "Ihre Adressen",
    lead: "Badges, die auf eine dieser Adressen ausgestellt wurden, gehören hier Ihnen, wer auch immer sie verliehen hat.",
    "confirmed-on": "Bestätigt am {day}.",
    remove: "Entfernen",
    add: "Adresse hinzufügen",
    email: "E-Mail-Adresse",
    "email-help": "Eine E-Mail dorthin zeigt, dass es Ihre ist.",
    send: "E-Mail dorthin senden",
    "no-mail":
      "Um eine Adresse hinzuzufügen, muss eine E-Mail dorthin gesandt werden, und das kann dieser Server noch nicht.",
    language: "Ihre Sprache",
    "language-field": "Sprache",
    "language-help": "Für diese Seiten und für die E-Mails, die Sie von hier erhalten.",
    "language-asked": "Wie mein Browser es wünscht",
    days: "Ihre Tage",
    zone: "Zeitzone",
    "zone-help":
      "Für Badges, die man Tag für Tag erwirbt, werden Ihre Tage gezählt. Ohne Angabe beginnen sie um Mitternacht (UTC).",
    keep: "Speichern",

    "done-added": "Die Adresse gehört jetzt Ihnen, und mit ihr die darauf ausgestellten Badges.",
    "done-removed": "Die Adresse wurde entfernt.",
    "done-zone": "Ihre Tage beginnen von nun an nach dieser Zeitzone.",
    "done-language": "Diese Seiten erscheinen von nun an in dieser Sprache.",

    "yours-already": "Diese Adresse gehört Ihnen schon.",
    "yours-already-fix": "Sie steht unten in der Liste.",
    "no-zone": "Eine Zeitzone dieses Namens gibt es nicht.",
    "no-zone-fix": "Wählen Sie eine aus der Liste, zum Beispiel Europe/Berlin.",
    "no-language": "Diese Seiten gibt es in dieser Sprache nicht.",
    "no-language-fix": "Wählen Sie eine aus der Liste.",
    "last-way-in": "Das ist der letzte Zugang zu Ihrem Konto.",
    "last-way-in-fix":
      "Fügen Sie zuerst eine andere Adresse hinzu. Wenn Sie das Konto aufgeben möchten, trennen Sie Ihre Backpacks und Apps, und übergeben Sie die Verwaltung der Website.",
  },
);
