// What a person's own page of badges says.
import { area } from "./speak.tsx";

export const ME = area(
  {
    title: "My badges",
    heading: "My badges",
    "count-badges":
      "{count, plural, =0 {You hold no badge yet.} one {You hold one badge.} other {You hold # badges.}}",
    "profile-on": "Your public page is on: <link>{address}</link>.",
    "profile-off": "Nobody sees this page but you.",
    "profile-change": "Change your public page",
    "profile-choose": "Make a public page",
    "download-all": "Download all (ZIP)",
    "download-help": "Every badge as a picture with the award inside, and its record as JSON.",
    "add-address": "Add another e-mail address",
    "add-address-help": "Badges made out to it appear here once you have confirmed it.",
    vouch: "Vouch for somebody",
    "vouch-help": "Badges here ask for the word of people with your role.",

    "next-up": "Next up",
    "next-up-at": "Next up at {organization}",
    "next-tier": "{tier} of {badge}",
    progress: "{value} of {threshold}",
    "progress-of": "{badge}: {value} of {threshold}",
    counted: "Last counted on {time}",
    "not-counted": "Nothing was counted yet",
    "more-steps": "{count, plural, one {and one thing more} other {and # things more}}",
    "evaluated-long-ago": "Last looked at on {time}. What happened since may not show yet.",

    waiting: "Waiting for you",
    "waiting-help":
      "Accepting tells the issuer that a badge has reached you. It is valid in any case.",
    accept: "Accept",
    "not-mine": "Not mine",
    "accept-all": "Accept all ({count})",
    "from-issuer": "From {issuer}, {day}",

    earned: "Earned",
    locked: "Still to earn",
    "locked-at": "Still to earn at {organization}",
    activity_milestone: "Milestones",
    recognition: "Recognition",
    certification: "Certification",
    times: "×{count}",
    "times-words": "held {count, plural, one {once} other {# times}}",
    "earned-on": "{day}",
    expired: "Ran out on {day}",
    hidden: "Hidden",
    "partly-hidden": "{hidden} of {count} hidden",
    hide: "Hide",
    show: "Show",
    "hide-about": "What hiding does",
    "hide-help":
      "A hidden badge is left out of your public page, of lists and of search engines. Its record goes on answering, so backpacks that have it, and whoever you give the file, still find it valid.",
    "locked-badge": "Not earned yet",

    filter: "Narrow down",
    search: "Name",
    category: "Category",
    "all-categories": "All categories",
    which: "Which",
    "which-all": "All",
    "which-earned": "Earned",
    "which-locked": "Still to earn",
    "which-hidden": "Hidden",
    apply: "Apply",
    clear: "Clear the filter",
    organization: "Organization",
    "no-match": "No badge matches.",
    "no-match-fix": "Try part of the name, or <link>clear the filter</link>.",
    "more-locked": "There are more. Look for one by its name.",

    "none-title": "No badge yet",
    "none-can":
      "Below is what you can earn at {organization}, and how. A badge that is awarded to one of your addresses appears here by itself.",
    "none-nothing":
      "{organization} has no badge that you could earn just now. What people award you appears here by itself.",
    "none-nowhere":
      "No organization knows any of your addresses yet. If you were awarded a badge at another address, <link>add that address</link>: the badge appears here once you have confirmed it.",
    "none-hidden": "You hide nothing.",

    "done-shown": "The badge is shown again.",
    "done-hidden": "The badge is hidden.",
    "done-accepted": "Accepted.",
    "done-declined":
      "You said that it is not yours. It is hidden, and whoever issued it has been asked to look.",
  },
  {
    title: "Meine Badges",
    heading: "Meine Badges",
    "count-badges":
      "{count, plural, =0 {Sie haben noch kein Badge.} one {Sie haben ein Badge.} other {Sie haben # Badges.}}",
    "profile-on": "Ihre öffentliche Seite ist eingeschaltet: <link>{address}</link>.",
    "profile-off": "Diese Seite sehen nur Sie.",
    "profile-change": "Öffentliche Seite ändern",
    "profile-choose": "Öffentliche Seite anlegen",
    "download-all": "Alle herunterladen (ZIP)",
    "download-help": "Jedes Badge als Bild mit der Verleihung darin, dazu der Datensatz als JSON.",
    "add-address": "Weitere E-Mail-Adresse hinzufügen",
    "add-address-help":
      "Badges, die darauf ausgestellt sind, erscheinen hier, sobald Sie sie bestätigt haben.",
    vouch: "Für jemanden sprechen",
    "vouch-help": "Für einige Badges zählt hier das Wort von Menschen mit Ihrer Rolle.",

    "next-up": "Als Nächstes",
    "next-up-at": "Als Nächstes bei {organization}",
    "next-tier": "{tier} von {badge}",
    progress: "{value} von {threshold}",
    "progress-of": "{badge}: {value} von {threshold}",
    counted: "Zuletzt gezählt am {time}",
    "not-counted": "Noch nichts gezählt",
    "more-steps":
      "{count, plural, one {und eine weitere Bedingung} other {und # weitere Bedingungen}}",
    "evaluated-long-ago":
      "Zuletzt geprüft am {time}. Was seitdem geschah, fehlt hier vielleicht noch.",

    waiting: "Wartet auf Sie",
    "waiting-help":
      "Mit dem Annehmen erfährt der Aussteller, dass ein Badge Sie erreicht hat. Gültig ist es in jedem Fall.",
    accept: "Annehmen",
    "not-mine": "Nicht meins",
    "accept-all": "Alle annehmen ({count})",
    "from-issuer": "Von {issuer}, {day}",

    earned: "Erhalten",
    locked: "Noch zu erreichen",
    "locked-at": "Noch zu erreichen bei {organization}",
    activity_milestone: "Meilensteine",
    recognition: "Anerkennung",
    certification: "Zertifizierung",
    times: "×{count}",
    "times-words": "{count, plural, one {einmal} other {#-mal}} erhalten",
    "earned-on": "{day}",
    expired: "Abgelaufen am {day}",
    hidden: "Verborgen",
    "partly-hidden": "{hidden} von {count} verborgen",
    hide: "Verbergen",
    show: "Zeigen",
    "hide-about": "Was das Verbergen bewirkt",
    "hide-help":
      "Ein verborgenes Badge fehlt auf Ihrer öffentlichen Seite, in Listen und in Suchmaschinen. Sein Datensatz antwortet weiter: Backpacks, die es haben, und alle, denen Sie die Datei geben, finden es weiterhin gültig.",
    "locked-badge": "Noch nicht erhalten",

    filter: "Eingrenzen",
    search: "Name",
    category: "Kategorie",
    "all-categories": "Alle Kategorien",
    which: "Welche",
    "which-all": "Alle",
    "which-earned": "Erhaltene",
    "which-locked": "Noch zu erreichende",
    "which-hidden": "Verborgene",
    apply: "Anwenden",
    clear: "Filter aufheben",
    organization: "Organisation",
    "no-match": "Kein Badge passt dazu.",
    "no-match-fix":
      "Versuchen Sie einen Teil des Namens oder <link>heben Sie den Filter auf</link>.",
    "more-locked": "Es gibt noch mehr. Suchen Sie nach dem Namen.",

    "none-title": "Noch kein Badge",
    "none-can":
      "Unten steht, was Sie bei {organization} erreichen können und wie. Ein Badge, das an eine Ihrer Adressen verliehen wird, erscheint hier von selbst.",
    "none-nothing":
      "{organization} hat derzeit kein Badge, das Sie erreichen könnten. Was Ihnen jemand verleiht, erscheint hier von selbst.",
    "none-nowhere":
      "Noch kennt keine Organisation eine Ihrer Adressen. Wurde Ihnen ein Badge an eine andere Adresse verliehen, <link>fügen Sie diese hinzu</link>: Das Badge erscheint hier, sobald Sie sie bestätigt haben.",
    "none-hidden": "Sie verbergen nichts.",

    "done-shown": "Das Badge wird wieder gezeigt.",
    "done-hidden": "Das Badge ist verborgen.",
    "done-accepted": "Angenommen.",
    "done-declined":
      "Sie haben mitgeteilt, dass es nicht Ihres ist. Es ist verborgen, und der Aussteller wurde gebeten, es zu prüfen.",
  },
);
