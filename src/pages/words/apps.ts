// What is said of the apps a person lets in: asking for it, listing them, and the badges they put here.
import { area } from "./speak.tsx";

export const APPS_WORDS = area(
  {
    title: "Connected apps",
    lead: "Other sites and apps that may use your badges here, because you said so.",
    ended: "Its access has ended. What it copied before is not taken back by this.",
    none: "No app has access to your badges.",
    "it-may": "It may",
    "allowed-on": "Allowed on {day}.",
    "never-used": "Never used since.",
    "last-used": "Last used on {day}.",
    end: "End its access",
    "end-of": "to your badges: {name}",

    "ask-title": "Allow {name}?",
    ask: "Allow {name} to use your badges?",
    "ask-lead":
      "This app is at {host}. Nobody here has checked the name it goes by: look at the address.",
    "what-to-allow": "What to allow",
    "asks-to": "It asks to",
    "take-away":
      "Take away what it is not to have. You can end its access at any time under <link>Connected apps</link>.",
    allow: "Allow",
    deny: "Don’t allow",
    "own-words":
      "What the app itself says of it: <terms>terms of use</terms> and <policy>privacy policy</policy>, at {host}.",
    "nothing-chosen": "Choose at least one thing it may do with your badges, or don’t allow it.",

    "may-read": "See your badges",
    "may-read-more": "Those kept here for you, and those awarded to you here.",
    "may-create": "Add badges to your collection",
    "may-create-more":
      "And bring those it added up to date. Each is verified first, and none is removed.",
    "may-profile": "See your name and the addresses you have confirmed",
    "may-profile-more": "Addresses you have not confirmed stay unseen.",
    "may-update": "Suggest an e-mail address of yours",
    "may-update-more": "It counts only once you have confirmed it from a mail we send there.",
    "may-stay": "Keep this access when you are away",
    "may-stay-more": "Without it the app has to ask you again after an hour.",

    "kept-title": "Badges kept here",
    "kept-lead":
      "Badges from elsewhere that your <link>connected apps</link> put here. Each was checked with its issuer before it was kept.",
    "kept-none":
      "No app has put a badge here for you. Other sites do so once you connect them to this one as your backpack.",
    "kept-heading": "Put here for you",
    older: "Older ones",
    nameless: "A badge without a name",
    "check-again": "Check again",
    "ran-out": "Its validity has ended since it was checked.",
    "brought-by": "Put here by {name} at {host}, {day}. Checked {at}.",
    "brought-by-nobody": "Put here by an app that is not known any more, {day}. Checked {at}.",
  },
  {
    title: "Verbundene Apps",
    lead: "Andere Websites und Apps, die Ihre Badges hier verwenden dürfen, weil Sie es erlaubt haben.",
    ended: "Der Zugriff ist beendet. Was sie vorher kopiert hat, wird dadurch nicht zurückgeholt.",
    none: "Keine App hat Zugriff auf Ihre Badges.",
    "it-may": "Sie darf",
    "allowed-on": "Erlaubt am {day}.",
    "never-used": "Seitdem nie verwendet.",
    "last-used": "Zuletzt verwendet am {day}.",
    end: "Zugriff beenden",
    "end-of": "auf Ihre Badges: {name}",

    "ask-title": "{name} zulassen?",
    ask: "Darf {name} Ihre Badges verwenden?",
    "ask-lead":
      "Diese App ist auf {host}. Den Namen, den sie angibt, hat hier niemand geprüft: Achten Sie auf die Adresse.",
    "what-to-allow": "Was Sie erlauben",
    "asks-to": "Sie möchte",
    "take-away":
      "Nehmen Sie weg, was sie nicht haben soll. Unter <link>Verbundene Apps</link> können Sie den Zugriff jederzeit beenden.",
    allow: "Erlauben",
    deny: "Nicht erlauben",
    "own-words":
      "Was die App selbst dazu sagt: <terms>Nutzungsbedingungen</terms> und <policy>Datenschutzerklärung</policy>, auf {host}.",
    "nothing-chosen":
      "Wählen Sie mindestens eines aus, was sie mit Ihren Badges tun darf, oder erlauben Sie es nicht.",

    "may-read": "Ihre Badges sehen",
    "may-read-more": "Die hier für Sie verwahrten und die hier an Sie verliehenen.",
    "may-create": "Ihrer Sammlung Badges hinzufügen",
    "may-create-more":
      "Und die hinzugefügten auf dem neuesten Stand halten. Jedes wird zuerst geprüft, und keines wird entfernt.",
    "may-profile": "Ihren Namen und Ihre bestätigten Adressen sehen",
    "may-profile-more": "Nicht bestätigte Adressen bleiben verborgen.",
    "may-update": "Eine E-Mail-Adresse von Ihnen vorschlagen",
    "may-update-more":
      "Sie zählt erst, wenn Sie sie über eine E-Mail bestätigt haben, die wir dorthin senden.",
    "may-stay": "Diesen Zugriff behalten, wenn Sie nicht da sind",
    "may-stay-more": "Sonst muss die App Sie nach einer Stunde wieder fragen.",

    "kept-title": "Hier verwahrte Badges",
    "kept-lead":
      "Badges von anderswo, die Ihre <link>verbundenen Apps</link> hier abgelegt haben. Jedes wurde bei seinem Aussteller geprüft, bevor es verwahrt wurde.",
    "kept-none":
      "Keine App hat hier ein Badge für Sie abgelegt. Andere Websites tun das, sobald Sie sie mit dieser hier als Ihrem Backpack verbinden.",
    "kept-heading": "Für Sie abgelegt",
    older: "Ältere",
    nameless: "Ein Badge ohne Namen",
    "check-again": "Erneut prüfen",
    "ran-out": "Seit der Prüfung ist seine Gültigkeit abgelaufen.",
    "brought-by": "Abgelegt am {day} von {name} auf {host}. Geprüft am {at}.",
    "brought-by-nobody":
      "Abgelegt am {day} von einer App, die nicht mehr bekannt ist. Geprüft am {at}.",
  },
);

/** Something an app may do. */
export type Permission = "read" | "create" | "profile" | "update" | "stay";
