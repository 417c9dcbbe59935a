// What is said about what is kept of people, for how long, and who sees it.
import { area } from "./speak.tsx";

export const PRIVACY_WORDS = area(
  {
    title: "Privacy",
    lead: "What the software that runs {host} does with personal data. Whoever runs this site answers for it, and may have more to say.",
    kept: "What is kept",
    "kept-name": "Your name, as an organization or you yourself wrote it, and your addresses.",
    "kept-awards":
      "The badges awarded to you here, with what was written down when they were; and for 90 days your line in the list that an organization awarded badges by.",
    "kept-badges":
      "Badges of other issuers that an app put here for you, as their issuers publish them, with the day they were verified: they are listed under <badges>Badges kept here</badges>.",
    "kept-apps": "Which apps you let in, what each may do, and when it last used that.",
    "kept-backpacks":
      "Which backpacks you connected, what was sent there and when, and which badges were found there.",
    "kept-sessions":
      "Your sessions: when each began and was last used, and what your browser calls itself.",
    sees: "Who sees it",
    "sees-public":
      "A badge awarded here has a public page and a public record, as the standard of Open Badges asks; the record names you by a salted hash of your address, not by the address. Organizations see their own members and awards, and no others.",
    "sees-backpack":
      "A backpack you connected is sent your badges from here, those you keep private only if you say so, until you <backpacks>disconnect it</backpacks>; then its tokens are deleted here and given back there.",
    "sees-apps":
      "An app sees what you allowed it to see, until you end that under <apps>Connected apps</apps>. Addresses you have not confirmed are shown to no app.",
    "sees-issuer":
      "To verify a badge, its issuer’s server is asked for the badge’s public documents. It learns that somebody asked for them, and not who you are. No page here loads anything from another site, and there is no tracking and no advertising.",
    how: "How it is kept",
    "how-secrets":
      "The tokens of apps and the links we mail you are stored as hashes, other secrets encrypted. One cookie keeps you signed in; one ties a sign-in to the browser that began it, for a day; two more are there while you decide about an app. None is for anything else.",
    long: "How long",
    "long-sessions":
      "Sessions end after fourteen days without use, an app’s access after half a year without use. Badges are kept until you or the organization that awarded them has them deleted. Ask whoever runs this site for a copy of your data, or to have it deleted.",
  },
  {
    title: "Datenschutz",
    lead: "Was die Software hinter {host} mit personenbezogenen Daten tut. Der Betreiber dieser Website ist dafür verantwortlich und kann dem Weiteres hinzufügen.",
    kept: "Was gespeichert wird",
    "kept-name":
      "Ihr Name, wie eine Organisation oder Sie selbst ihn angegeben haben, und Ihre Adressen.",
    "kept-awards":
      "Die Badges, die Ihnen hier verliehen wurden, mit dem, was dabei festgehalten wurde; und 90 Tage lang Ihre Zeile in der Liste, nach der eine Organisation Badges verliehen hat.",
    "kept-badges":
      "Badges anderer Aussteller, die eine App hier für Sie abgelegt hat, wie ihre Aussteller sie veröffentlichen, mit dem Tag ihrer Prüfung: Sie stehen unter <badges>Hier verwahrte Badges</badges>.",
    "kept-apps":
      "Welchen Apps Sie Zugriff gegeben haben, was jede darf und wann sie das zuletzt genutzt hat.",
    "kept-backpacks":
      "Welche Backpacks Sie verbunden haben, was wann dorthin gesendet wurde und welche Badges dort gefunden wurden.",
    "kept-sessions":
      "Ihre Sitzungen: wann jede begann und zuletzt genutzt wurde und wie sich Ihr Browser nennt.",
    sees: "Wer es sieht",
    "sees-public":
      "Ein hier verliehenes Badge hat eine öffentliche Seite und einen öffentlichen Eintrag, wie es der Standard der Open Badges verlangt; der Eintrag nennt Sie mit einem gesalzenen Hash Ihrer Adresse, nicht mit der Adresse. Organisationen sehen ihre eigenen Mitglieder und Verleihungen, sonst keine.",
    "sees-backpack":
      "An einen Backpack, den Sie verbunden haben, werden Ihre Badges von hier gesendet, private nur, wenn Sie es so wünschen, bis Sie <backpacks>die Verbindung trennen</backpacks>; dann werden seine Tokens hier gelöscht und dort zurückgegeben.",
    "sees-apps":
      "Eine App sieht, was Sie ihr zu sehen erlaubt haben, bis Sie das unter <apps>Verbundene Apps</apps> beenden. Adressen, die Sie nicht bestätigt haben, werden keiner App gezeigt.",
    "sees-issuer":
      "Um ein Badge zu prüfen, wird der Server seines Ausstellers nach den öffentlichen Dokumenten des Badges gefragt. Er erfährt, dass jemand danach fragt, aber nicht, wer Sie sind. Keine Seite lädt hier etwas von einer anderen Website, und es gibt weder Tracking noch Werbung.",
    how: "Wie es gespeichert wird",
    "how-secrets":
      "Die Tokens von Apps und die Links, die wir Ihnen per E-Mail senden, sind als Hashes gespeichert, andere Geheimnisse verschlüsselt. Ein Cookie hält Sie angemeldet; eines bindet eine Anmeldung für einen Tag an den Browser, der sie begonnen hat; zwei weitere bestehen, während Sie über eine App entscheiden. Keines dient etwas anderem.",
    long: "Wie lange",
    "long-sessions":
      "Sitzungen enden nach vierzehn Tagen ohne Nutzung, der Zugriff einer App nach einem halben Jahr ohne Nutzung. Badges bleiben, bis Sie oder die verleihende Organisation sie löschen lassen. Wenden Sie sich an den Betreiber dieser Website, wenn Sie eine Kopie Ihrer Daten wünschen oder sie löschen lassen möchten.",
  },
);
