// What the pages say that lead in: for an address, for the code of a mail, and behind its link.
import { area } from "./speak.tsx";

/** How long somebody has to wait: `unit` is `minutes` or `hours`. */
const WAIT_EN =
  "{unit, select, hours {{count, plural, one {an hour} other {# hours}}} other {{count, plural, one {a minute} other {# minutes}}}}";
const WAIT_DE =
  "{unit, select, hours {{count, plural, one {einer Stunde} other {# Stunden}}} other {{count, plural, one {einer Minute} other {# Minuten}}}}";

export const LOGIN_WORDS = area(
  {
    title: "Sign in",
    lead: "You get a mail with a link. There is no password, and no account to make beforehand.",
    "signed-out": "You are signed out.",
    doors: "This is the demo. Sign in at once as somebody in it:",
    email: "Your e-mail address",
    "email-help": "The one your badges were sent to, if you have any.",
    send: "Send me a link",
    "no-mail": "This server cannot send mail yet",
    "no-mail-why":
      "Signing in by mail needs a mail server. Whoever runs this site sets it with <code>SMTP_URL</code>; <code>rosette doctor</code> says what else is missing.",
    "with-provider": "Sign in with {provider}",

    "code-title": "Look into your mail",
    "code-lead": "If {email} can be reached, a mail is on its way to it.",
    "code-mailbox": "This is the demo: it sends no mail. <link>Look into its mailbox</link>.",
    "code-how": "Open the link in it, or type the code here. Both can be used until {until}.",
    code: "Six-digit code",
    "code-sign-in": "Sign in",
    "code-confirm": "Confirm",
    "code-nothing": "Nothing there after some minutes? Look among unwanted mail too.",
    "code-again": "Send another mail",

    "link-title": "Sign in",
    "link-lead": "This link signs this browser in as {address}.",
    "link-signed-in": "Here you are signed in as {who}; that session ends.",
    "link-go": "Continue as {address}",
    "confirm-title": "Confirm your address",
    "confirm-lead":
      "This adds {address} to your account, and the badges that were made out to it. Confirm it only if it is yours: whoever reads its mail can sign in as you from then on.",
    "confirm-signed-in": "You are signed in as {who}.",
    "confirm-go": "Confirm {address}",

    "demo-title": "Sign in to the demo",
    "demo-lead": "Another page led here. Continue to be signed in as {name}, a person of the demo.",
    "demo-go": "Continue as {name}",

    "no-email": "This is not an e-mail address.",
    "no-email-fix": "Write one address such as kim@example.org, without a name.",
    "too-many-mails": "Too many mails were asked for.",
    "too-many-mails-fix": `You can ask again in ${WAIT_EN}. Links that were sent still work until they expire.`,
    "code-over": "This code cannot be used any more.",
    "code-over-fix":
      "It expired, was used, or was typed wrongly too often. Have another mail sent below.",
    "code-wait": "Too many wrong codes were typed for this address.",
    "code-wait-fix": `Use the link in the mail: it still works. Codes work again in ${WAIT_EN}.`,
    "code-wrong": "This is not the code of the newest mail.",
    "code-wrong-fix": "You have {tries, plural, one {one more try} other {# more tries}}.",
  },
  {
    title: "Anmelden",
    lead: "Sie erhalten eine E-Mail mit einem Link. Ein Passwort brauchen Sie nicht, und auch kein Konto müssen Sie vorher anlegen.",
    "signed-out": "Sie sind abgemeldet.",
    doors: "Dies ist die Demo. Melden Sie sich gleich als eine ihrer Personen an:",
    email: "Ihre E-Mail-Adresse",
    "email-help": "Die Adresse, an die Ihre Badges geschickt wurden, falls Sie schon welche haben.",
    send: "Link zusenden",
    "no-mail": "Dieser Server kann noch keine E-Mails versenden",
    "no-mail-why":
      "Für die Anmeldung per E-Mail braucht es einen Mailserver. Wer diese Website betreibt, stellt ihn mit <code>SMTP_URL</code> ein; <code>rosette doctor</code> sagt, was sonst noch fehlt.",
    "with-provider": "Mit {provider} anmelden",

    "code-title": "Sehen Sie in Ihr Postfach",
    "code-lead": "Falls {email} erreichbar ist, ist eine E-Mail dorthin unterwegs.",
    "code-mailbox":
      "Dies ist die Demo: Sie versendet keine E-Mails. <link>Zum Postfach der Demo</link>.",
    "code-how":
      "Öffnen Sie den Link darin, oder geben Sie hier den Code ein. Beides gilt bis {until}.",
    code: "Sechsstelliger Code",
    "code-sign-in": "Anmelden",
    "code-confirm": "Bestätigen",
    "code-nothing":
      "Nach einigen Minuten noch nichts da? Sehen Sie auch im Ordner für unerwünschte E-Mails nach.",
    "code-again": "Weitere E-Mail senden",

    "link-title": "Anmelden",
    "link-lead": "Mit diesem Link wird dieser Browser als {address} angemeldet.",
    "link-signed-in": "Hier sind Sie als {who} angemeldet; diese Sitzung endet dann.",
    "link-go": "Weiter als {address}",
    "confirm-title": "Adresse bestätigen",
    "confirm-lead":
      "Damit gehören {address} und die darauf ausgestellten Badges zu Ihrem Konto. Bestätigen Sie nur Ihre eigene Adresse: Wer deren E-Mails liest, kann sich von da an als Sie anmelden.",
    "confirm-signed-in": "Sie sind als {who} angemeldet.",
    "confirm-go": "{address} bestätigen",

    "demo-title": "In der Demo anmelden",
    "demo-lead":
      "Eine andere Seite hat Sie hierher geführt. Wenn Sie fortfahren, sind Sie als {name} angemeldet, eine Person der Demo.",
    "demo-go": "Weiter als {name}",

    "no-email": "Das ist keine E-Mail-Adresse.",
    "no-email-fix": "Geben Sie eine einzelne Adresse wie kim@example.org ein, ohne Namen.",
    "too-many-mails": "Es wurden zu viele E-Mails angefordert.",
    "too-many-mails-fix": `In ${WAIT_DE} können Sie wieder eine anfordern. Bereits versandte Links gelten weiter, bis sie ablaufen.`,
    "code-over": "Dieser Code gilt nicht mehr.",
    "code-over-fix":
      "Er ist abgelaufen, wurde schon verwendet oder zu oft falsch eingegeben. Fordern Sie unten eine weitere E-Mail an.",
    "code-wait": "Für diese Adresse wurden zu viele falsche Codes eingegeben.",
    "code-wait-fix": `Verwenden Sie den Link in der E-Mail, er gilt weiterhin. Codes werden in ${WAIT_DE} wieder angenommen.`,
    "code-wrong": "Das ist nicht der Code aus der neuesten E-Mail.",
    "code-wrong-fix": "Sie haben noch {tries, plural, one {einen Versuch} other {# Versuche}}.",
  },
);
