// What a badge's page says to the one whose badge it is, and to nobody else.
import { area } from "./speak.tsx";

export const OWNER = area(
  {
    title: "This badge is yours",
    "only-you": "Only you see this part of the page.",
    waiting:
      "You have not said yet whether it is yours. Accepting tells {issuer} that it has reached you.",
    accept: "Accept",
    "not-mine": "Not mine",
    "is-hidden":
      "You hide this badge. Others see neither your name nor your work here; whoever has the file still finds it valid.",
    "is-declined": "You said that it is not yours. It is hidden until somebody has looked at it.",
    "accept-after-all": "It is mine after all",
    show: "Show it again",
    hide: "Hide it",
    "linked-in": "Add to LinkedIn",
    "only-local":
      "This address is known to this machine or network alone: nobody whom you give it can open it.",
    png: "Download as PNG",
    svg: "Download as SVG",
    link: "Copy the link",
    "link-label": "Address of this page",
    copy: "Copy",
    copied: "Copied.",
    qr: "QR code",
    "qr-label": "QR code of this page’s address",
    embed: "Put it into a web page",
    "embed-label": "Code for the page",
    "embed-help": "It shows the badge with its present state, and leads here.",
    "embed-see": "See what it shows",
    file: "The award is written inside the file. Send the file itself: a screenshot is only a picture.",
    print: "Print",
    "print-how":
      "Printed it has a QR code in place of the verdict, which paper would keep too long.",
    "all-badges": "All your badges",
  },
  {
    title: "Dieses Badge gehört Ihnen",
    "only-you": "Diesen Teil der Seite sehen nur Sie.",
    waiting:
      "Sie haben noch nicht gesagt, ob es Ihres ist. Mit dem Annehmen erfährt {issuer}, dass es Sie erreicht hat.",
    accept: "Annehmen",
    "not-mine": "Nicht meins",
    "is-hidden":
      "Sie verbergen dieses Badge. Andere sehen hier weder Ihren Namen noch Ihre Arbeit; wer die Datei hat, findet es weiterhin gültig.",
    "is-declined":
      "Sie haben mitgeteilt, dass es nicht Ihres ist. Es ist verborgen, bis jemand es geprüft hat.",
    "accept-after-all": "Es gehört doch mir",
    show: "Wieder zeigen",
    hide: "Verbergen",
    "linked-in": "In LinkedIn eintragen",
    "only-local":
      "Diese Adresse kennt nur dieser Rechner oder dieses Netz: Niemand, dem Sie sie geben, kann sie öffnen.",
    png: "Als PNG herunterladen",
    svg: "Als SVG herunterladen",
    link: "Link kopieren",
    "link-label": "Adresse dieser Seite",
    copy: "Kopieren",
    copied: "Kopiert.",
    qr: "QR-Code",
    "qr-label": "QR-Code mit der Adresse dieser Seite",
    embed: "In eine Webseite einbinden",
    "embed-label": "Code für die Seite",
    "embed-help": "Er zeigt das Badge mit seinem gegenwärtigen Stand und führt hierher.",
    "embed-see": "Ansehen, was er zeigt",
    file: "Die Verleihung steht in der Datei selbst. Geben Sie die Datei weiter: Ein Bildschirmfoto ist nur ein Bild.",
    print: "Drucken",
    "print-how":
      "Gedruckt hat es einen QR-Code anstelle des Urteils, das auf Papier zu lange stehen bliebe.",
    "all-badges": "Alle Ihre Badges",
  },
);
