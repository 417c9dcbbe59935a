// What the page says that somebody chose to have about their badges, and the page on which they choose.
import { area } from "./speak.tsx";

export const PROFILE = area(
  {
    title: "Badges of {name}",
    summary:
      "{count, plural, one {One badge} other {# badges}}, chosen by {name} to be shown here.",
    none: "{name} shows no badge here just now.",
    expired: "Ran out on {day}",
    "earned-on": "{day}",
    times: "×{count}",
    "times-words": "held {count, plural, one {once} other {# times}}",
    checked:
      "Each badge leads to a page that says whether it still stands. This page names what was neither revoked nor hidden on {time}.",

    "choose-title": "Your public page",
    "choose-heading": "Your public page",
    "choose-lead":
      "A page with your badges, for whoever you give its address. It is off until you switch it on, and can be switched off at any time.",
    "is-on": "It is on: <link>{address}</link>",
    "is-off": "It is off. Nobody but you sees your badges together.",
    "what-shows":
      "It shows the name you give here, and the badges you do not hide: nothing that was revoked, no badge that you hide, none of your addresses.",
    name: "Your name on it",
    "name-help": "As you want to be called. It need not be the name on your badges.",
    slug: "Address of the page",
    "slug-help":
      "3 to 40 small letters, digits and hyphens, after {base}. An address that you give up is kept for you and leads nowhere.",
    visibility: "Who may see it",
    "public-off": "Nobody",
    "public-off-help": "The address answers as if there were nothing.",
    "public-on": "Whoever has its address",
    "public-on-help": "Search engines are asked to leave it out.",
    "public-indexed": "Everybody, search engines too",
    "public-indexed-help": "It can be found by your name.",
    listed: "On the pages of issuers",
    "listed-label": "Name me on the pages of organizations whose badges I show",
    "listed-help": "With a link to this page. Only while the page is on.",
    keep: "Save",
    back: "Back to your badges",
    "done-kept": "Saved.",
    "name-missing": "Say under which name.",
    "name-long": "This is longer than {most} characters.",
    "slug-form":
      "Use 3 to 40 small letters, digits and hyphens, none of them at an end or doubled.",
    "slug-taken": "Somebody else has this address, or had it. Choose another one.",
    "slug-many": "You have used {most} addresses. Take one of them: {slugs}.",
  },
  {
    title: "Badges von {name}",
    summary:
      "{count, plural, one {Ein Badge} other {# Badges}}, von {name} für diese Seite ausgewählt.",
    none: "{name} zeigt hier derzeit kein Badge.",
    expired: "Abgelaufen am {day}",
    "earned-on": "{day}",
    times: "×{count}",
    "times-words": "{count, plural, one {einmal} other {#-mal}} erhalten",
    checked:
      "Jedes Badge führt zu einer Seite, die sagt, ob es noch gilt. Diese Seite nennt, was am {time} weder widerrufen noch verborgen war.",

    "choose-title": "Ihre öffentliche Seite",
    "choose-heading": "Ihre öffentliche Seite",
    "choose-lead":
      "Eine Seite mit Ihren Badges für alle, denen Sie die Adresse geben. Sie ist aus, bis Sie sie einschalten, und lässt sich jederzeit wieder ausschalten.",
    "is-on": "Sie ist eingeschaltet: <link>{address}</link>",
    "is-off": "Sie ist ausgeschaltet. Nur Sie sehen Ihre Badges beisammen.",
    "what-shows":
      "Sie zeigt den Namen, den Sie hier angeben, und die Badges, die Sie nicht verbergen: nichts Widerrufenes, kein verborgenes Badge, keine Ihrer Adressen.",
    name: "Ihr Name darauf",
    "name-help":
      "So, wie Sie genannt werden möchten. Es muss nicht der Name auf Ihren Badges sein.",
    slug: "Adresse der Seite",
    "slug-help":
      "3 bis 40 Kleinbuchstaben, Ziffern und Bindestriche, hinter {base}. Eine Adresse, die Sie aufgeben, bleibt für Sie reserviert und führt nirgendwohin.",
    visibility: "Wer sie sehen darf",
    "public-off": "Niemand",
    "public-off-help": "Die Adresse antwortet, als gäbe es nichts.",
    "public-on": "Alle, die die Adresse haben",
    "public-on-help": "Suchmaschinen werden gebeten, sie auszulassen.",
    "public-indexed": "Alle, auch Suchmaschinen",
    "public-indexed-help": "Sie lässt sich über Ihren Namen finden.",
    listed: "Auf den Seiten der Aussteller",
    "listed-label": "Mich auf den Seiten der Organisationen nennen, deren Badges ich zeige",
    "listed-help": "Mit einem Link auf diese Seite. Nur solange sie eingeschaltet ist.",
    keep: "Speichern",
    back: "Zurück zu Ihren Badges",
    "done-kept": "Gespeichert.",
    "name-missing": "Geben Sie einen Namen an.",
    "name-long": "Das ist länger als {most} Zeichen.",
    "slug-form":
      "Verwenden Sie 3 bis 40 Kleinbuchstaben, Ziffern und Bindestriche, keinen Bindestrich am Rand oder doppelt.",
    "slug-taken": "Diese Adresse hat oder hatte schon jemand anderes. Wählen Sie eine andere.",
    "slug-many": "Sie haben {most} Adressen verwendet. Nehmen Sie eine davon: {slugs}.",
  },
);
