// What to do about what a verification found, in one or two sentences.
import { area } from "./speak.tsx";

export const ADVICE_WORDS = area(
  {
    "ask-for-file":
      "Ask the holder for the badge’s file as it was downloaded, or for its link. Screenshots, photographs and copies saved as JPEG lose what is written inside.",
    "ask-again": "Ask the holder for the link or the file again, and compare it with this one.",
    "try-later":
      "Try again in a few minutes. Until it can be checked, do not take the badge for valid.",
    "not-public":
      "Only addresses on the public Internet that begin with https:// are asked. Ask the holder for such a link, or for the badge’s file.",
    "do-not-rely":
      "Do not rely on it. If you know the issuer, ask them, by an address that you found yourself.",
    "give-something": "Give a link, a file or the text of a badge.",
    "smaller-than-this": "Badges are smaller than this. Ask the holder for the badge’s file.",
    "give-badge":
      "Give the link to a badge, its PNG, SVG or JSON file, or its text. A page about a badge is not the badge.",
    "file-cut": "The file was cut short or changed on its way.",
    "text-cut": "The text was cut short or changed on its way.",
    "name-own-address":
      "A badge that is not signed must name its own address. Ask the holder for its link.",
    "ask-for-award":
      "This describes a badge or its issuer, not that anybody earned it. Ask for the link of the award.",
    "ask-for-2-0": "Ask the issuer for the badge in Open Badges 2.0.",
    "refers-to-much": "The badge refers to more than is looked at. Ask its issuer.",
    "not-shown":
      "The server at this address does not have the badge, or does not show it. Compare the address with the one you were given; mail programs like to cut it.",
    "leads-to-page":
      "The address leads to a page, not to a badge’s record. Look on that page for a link or a download of the badge.",
    "somebody-else":
      "It was made out to somebody else, or to another of their addresses. Ask the holder which address they had then.",
    "not-comparable":
      "What the badge says about its recipient cannot be compared with what you gave. Ask the holder.",
    "look-later": "Look again after the date it was issued for.",
    "ask-renewed": "It was good until then. Ask the holder whether they renewed it.",
    withdrawn: "Do not rely on it. The issuer withdrew it.",
    "compare-name":
      "Compare the name and the issuer with what you were told: a valid badge says what its issuer says, and whoever shows it to you may be somebody else.",
  },
  {
    "ask-for-file":
      "Bitten Sie die Person, die es zeigt, um die Datei des Badges, wie sie heruntergeladen wurde, oder um den Link. Bildschirmfotos, Fotografien und als JPEG gespeicherte Kopien verlieren, was in der Datei steht.",
    "ask-again":
      "Bitten Sie die Person, die es zeigt, noch einmal um den Link oder die Datei, und vergleichen Sie.",
    "try-later":
      "Versuchen Sie es in einigen Minuten noch einmal. Solange das Badge nicht geprüft werden kann, halten Sie es nicht für gültig.",
    "not-public":
      "Gefragt werden nur Adressen im öffentlichen Internet, die mit https:// beginnen. Bitten Sie um einen solchen Link oder um die Datei des Badges.",
    "do-not-rely":
      "Verlassen Sie sich nicht darauf. Wenn Sie den Aussteller kennen, fragen Sie ihn, und zwar über eine Adresse, die Sie selbst gefunden haben.",
    "give-something": "Geben Sie einen Link, eine Datei oder den Text eines Badges an.",
    "smaller-than-this": "Badges sind kleiner als das. Bitten Sie um die Datei des Badges.",
    "give-badge":
      "Geben Sie den Link zu einem Badge an, seine PNG-, SVG- oder JSON-Datei oder seinen Text. Eine Seite über ein Badge ist nicht das Badge.",
    "file-cut": "Die Datei wurde unterwegs abgeschnitten oder verändert.",
    "text-cut": "Der Text wurde unterwegs abgeschnitten oder verändert.",
    "name-own-address":
      "Ein Badge, das nicht signiert ist, muss seine eigene Adresse nennen. Bitten Sie um seinen Link.",
    "ask-for-award":
      "Das beschreibt ein Badge oder seinen Aussteller, nicht aber, dass jemand es erhalten hat. Bitten Sie um den Link der Verleihung.",
    "ask-for-2-0": "Bitten Sie den Aussteller um das Badge in Open Badges 2.0.",
    "refers-to-much": "Das Badge verweist auf mehr, als angesehen wird. Fragen Sie den Aussteller.",
    "not-shown":
      "Der Server unter dieser Adresse hat das Badge nicht oder zeigt es nicht. Vergleichen Sie die Adresse mit der, die Sie erhalten haben; E-Mail-Programme schneiden sie gern ab.",
    "leads-to-page":
      "Die Adresse führt zu einer Seite, nicht zum Eintrag eines Badges. Suchen Sie auf dieser Seite nach einem Link zum Badge oder zum Herunterladen.",
    "somebody-else":
      "Es wurde für jemand anderen ausgestellt oder für eine andere Adresse derselben Person. Fragen Sie, welche Adresse sie damals hatte.",
    "not-comparable":
      "Was das Badge über die Person sagt, lässt sich mit Ihrer Angabe nicht vergleichen. Fragen Sie die Person, die es zeigt.",
    "look-later": "Sehen Sie nach dem Tag, auf den es ausgestellt ist, noch einmal nach.",
    "ask-renewed": "Bis dahin war es gültig. Fragen Sie, ob es erneuert wurde.",
    withdrawn: "Verlassen Sie sich nicht darauf. Der Aussteller hat es zurückgezogen.",
    "compare-name":
      "Vergleichen Sie den Namen und den Aussteller mit dem, was man Ihnen gesagt hat: Ein gültiges Badge sagt, was sein Aussteller sagt, und wer es Ihnen zeigt, kann jemand anderes sein.",
  },
);

export type Advice = keyof typeof ADVICE_WORDS.en & string;
