// What those who use this site as a backpack, or connect an app to it, may expect of it.
import { area } from "./speak.tsx";

export const TERMS_WORDS = area(
  {
    title: "Terms of use",
    lead: "What the software that runs {host} does, and what it asks of those who use it. Whoever runs this site may add terms of their own.",
    keepers: "For people who keep badges here",
    "kept-if":
      "A badge is kept for you only if it was made out to an address you have confirmed, and only after it was verified with its issuer. A badge that its issuer takes back is shown as revoked, here as everywhere.",
    "you-decide":
      "You decide which apps may see your badges or add to them, one by one, and you can end that at any time. Ended access stops at once; what an app copied before is no longer in anybody’s hands here.",
    "no-claiming":
      "Do not claim an address that is not yours, and do not share your sign-in links.",
    apps: "For those who connect an app",
    register:
      "The interface is Open Badges 2.1. Register with your true name and addresses under one host name, over https. Ask for no more than you use. Keep secrets and tokens to yourselves, and delete what a person asks you to delete.",
    "one-by-one":
      "Send one badge at a time, the same badge under the same id. Wait as long as an answer’s {header} says. Registrations are counted, and an app that harms others may be shut out.",
    both: "For both",
    "as-it-is":
      "The software comes as it is, under the Apache License 2.0, without warranty of any kind. How it treats personal data is said under <privacy>Privacy</privacy>.",
  },
  {
    title: "Nutzungsbedingungen",
    lead: "Was die Software hinter {host} tut, und was sie von denen verlangt, die sie nutzen. Der Betreiber dieser Website kann eigene Bedingungen hinzufügen.",
    keepers: "Für alle, die hier Badges verwahren",
    "kept-if":
      "Ein Badge wird für Sie nur verwahrt, wenn es auf eine Adresse ausgestellt ist, die Sie bestätigt haben, und erst, nachdem es bei seinem Aussteller geprüft wurde. Ein Badge, das sein Aussteller zurücknimmt, wird als widerrufen gezeigt, hier wie überall.",
    "you-decide":
      "Sie entscheiden für jede App einzeln, ob sie Ihre Badges sehen oder welche hinzufügen darf, und können das jederzeit beenden. Ein beendeter Zugriff endet sofort; was eine App vorher kopiert hat, liegt nicht mehr in unserer Hand.",
    "no-claiming":
      "Geben Sie keine Adresse als Ihre aus, die Ihnen nicht gehört, und geben Sie Ihre Anmeldelinks nicht weiter.",
    apps: "Für alle, die eine App verbinden",
    register:
      "Die Schnittstelle ist Open Badges 2.1. Registrieren Sie sich mit Ihrem wahren Namen und mit Adressen unter einem einzigen Hostnamen, über https. Verlangen Sie nicht mehr, als Sie nutzen. Behalten Sie Geheimnisse und Tokens für sich, und löschen Sie, worum eine Person Sie bittet.",
    "one-by-one":
      "Senden Sie ein Badge nach dem anderen, dasselbe Badge unter derselben Kennung. Warten Sie so lange, wie {header} in einer Antwort angibt. Registrierungen werden gezählt, und eine App, die anderen schadet, kann ausgeschlossen werden.",
    both: "Für beide",
    "as-it-is":
      "Die Software wird bereitgestellt, wie sie ist, unter der Apache License 2.0 und ohne jede Gewährleistung. Wie sie mit personenbezogenen Daten umgeht, steht unter <privacy>Datenschutz</privacy>.",
  },
);
