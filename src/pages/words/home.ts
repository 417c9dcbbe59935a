// What the front door says.
import { area } from "./speak.tsx";

export const HOME_WORDS = area(
  {
    title: "Rosette: Open Badges that anyone can verify",
    summary: "This server issues Open Badges and answers for each of them.",
    heading: "Badges that anyone can verify",
    lead: "This server issues Open Badges and answers for every one of them: each award has a page for people, a record for programs, and a picture that carries the record inside.",
    local:
      "It runs under {address}, an address that only this machine or network knows: badges issued now verify here and nowhere else.",
    shown: "Did somebody show you a badge?",
    "shown-verify":
      "<verify>Verify a badge</verify> of any issuer: give its link or its file, and see whether it is genuine and still stands.",
    earned: "Did you earn a badge here?",
    "earned-sign-in":
      "<enter>Sign in</enter> with the address it was made out to, and have it sent to the backpack you keep your badges in. There is no password.",
    programs: "For programs",
    "programs-docs": "<docs>API documentation</docs>: define badges, award and revoke them.",
    "programs-openapi": "<openapi>OpenAPI description</openapi> of the same, for code generators.",
    "programs-problems":
      "<problems>Every error the server can answer with</problems>, and what to do about it.",
    demo: "Look at some: the demo’s badges",
    "nothing-yet": "Nothing has been issued yet",
    "set-up":
      "Open the link that the start has printed, and set everything up in your browser. In the folder that Rosette runs in, this prints another one:",
    "make-key": "Or leave it to a program, with a key for the API:",
    "make-badge":
      "With it, make your organization, define a badge and award it. The <docs>API documentation</docs> shows each call.",
    "send-link":
      "The answer to the award names its page. Open it, and send the link to its holder.",
  },
  {
    title: "Rosette: Open Badges, die alle prüfen können",
    summary: "Dieser Server stellt Open Badges aus und gibt über jedes Auskunft.",
    heading: "Badges, die alle prüfen können",
    lead: "Dieser Server stellt Open Badges aus und gibt über jedes von ihnen Auskunft: Jede Verleihung hat eine Seite für Menschen, einen Eintrag für Programme und ein Bild, das diesen Eintrag in sich trägt.",
    local:
      "Er läuft unter {address}, einer Adresse, die nur auf diesem Rechner oder in diesem Netz bekannt ist: Jetzt ausgestellte Badges lassen sich hier prüfen und nirgends sonst.",
    shown: "Hat Ihnen jemand ein Badge gezeigt?",
    "shown-verify":
      "<verify>Prüfen Sie ein Badge</verify> eines beliebigen Ausstellers: Geben Sie den Link oder die Datei an, und Sie sehen, ob es echt ist und noch gilt.",
    earned: "Haben Sie hier ein Badge erhalten?",
    "earned-sign-in":
      "<enter>Melden Sie sich an</enter> mit der Adresse, auf die es ausgestellt wurde, und lassen Sie es an den Backpack senden, in dem Sie Ihre Badges sammeln. Ein Passwort gibt es nicht.",
    programs: "Für Programme",
    "programs-docs": "<docs>API-Dokumentation</docs>: Badges festlegen, verleihen und widerrufen.",
    "programs-openapi":
      "<openapi>OpenAPI-Beschreibung</openapi> derselben API, für Codegeneratoren.",
    "programs-problems":
      "<problems>Alle Fehler, mit denen der Server antworten kann</problems>, und was dann zu tun ist.",
    demo: "Sehen Sie sich einige an: die Badges der Demo",
    "nothing-yet": "Noch ist nichts ausgestellt",
    "set-up":
      "Öffnen Sie den Link, der beim Start ausgegeben wurde, und richten Sie alles im Browser ein. In dem Ordner, in dem Rosette läuft, gibt dies einen neuen aus:",
    "make-key": "Oder überlassen Sie es einem Programm, mit einem Schlüssel für die API:",
    "make-badge":
      "Legen Sie damit Ihre Organisation an, legen Sie ein Badge fest und verleihen Sie es. Die <docs>API-Dokumentation</docs> zeigt jeden Aufruf.",
    "send-link":
      "Die Antwort auf die Verleihung nennt ihre Seite. Öffnen Sie diese, und senden Sie den Link an die Person, der das Badge verliehen wurde.",
  },
);
