// What the pages say on which people take a badge: with a code, or by the link in their mail.
import { area } from "./speak.tsx";

export const CLAIM = area(
  {
    "code-title": "Claim {badge}",
    "code-lead": "You were given a code for this badge.",
    from: "From {issuer}",
    "stands-for": "What it stands for",
    "sign-in": "Sign in to claim it",
    "sign-in-help":
      "You get a mail with a link, and come back here. The badge is made out to the address you sign in with.",
    "no-address":
      "A badge is made out to an e-mail address, and you have proven none. <link>Add your address</link>, then open this page again.",
    "made-out-to": "It is made out to {address}.",
    "make-out-to": "Make it out to",
    claim: "Claim this badge",
    yours: "This badge is yours",
    "held-before": "You hold this badge already",
    "yours-title": "{words}: {badge}",
    "not-used": "The code was not used: somebody else can claim with it.",
    "see-badge": "See your badge",
    "to-backpacks": "Have it sent to your backpacks",

    "unknown-title": "There is no such code",
    "unknown-lead": "No badge can be claimed with this code.",
    "unknown-fix":
      "Compare it with the one you were given, character by character. If it is the same, it has been withdrawn: ask whoever gave it to you.",
    "expired-title": "This code has expired",
    "expired-lead": "The time in which the badge could be claimed with it is over.",
    "expired-fix":
      "Ask whoever gave it to you for another one. Badges that were claimed in time stay as they are.",
    "used_up-title": "This code has been used up",
    "used_up-lead": "As many people have claimed the badge with it as were allowed to.",
    "used_up-fix": "Ask whoever gave it to you for another one.",
    "badge-inactive-title": "This badge is not awarded just now",
    "badge-inactive-lead": "The organization has it switched off. The code was not used.",
    "badge-inactive-fix":
      "Try again later, or ask the organization. Your code stays as good as it is.",
    "recipient-not-eligible-title": "This badge is for others",
    "recipient-not-eligible-lead":
      "The organization awards it to members with a certain role, and yours is another one. The code was not used.",
    "recipient-not-eligible-fix":
      "If that is a mistake, ask the organization to give you the role, then claim again.",
    "recipient-not-active-title": "Your membership is not active",
    "recipient-not-active-lead":
      "The organization has suspended or ended it, and awards badges to active members only. The code was not used.",
    "recipient-not-active-fix": "Ask the organization to reactivate it, then claim again.",
    "award-revoked-title": "Your badge was revoked",
    "award-revoked-lead":
      "You had this badge, and the organization has taken it back. A code does not bring it back, and was not used.",
    "award-revoked-fix":
      "The badge’s page says why. If that is a mistake, ask the organization to award it anew.",
    "other-title": "This badge cannot be claimed",
    "other-lead": "A rule of the badge does not let it be awarded this way. The code was not used.",
    "other-fix": "Ask the organization to award it to you.",

    "award-title": "{badge}, awarded to you",
    "award-lead": "{issuer} has awarded you this badge",
    "award-to": "It is made out to {name}.",
    "how-earned": "How it is earned",
    "what-accepting-does": "What accepting does",
    "accepting-says": "You tell {issuer} that the badge is yours and has reached you.",
    "accepting-keeps":
      "The badge is valid already and stays as it is, whether you accept or not. You need no account.",
    accept: "Accept",
    "accept-after-all": "It is mine after all",
    "save-file": "Save the file only",
    "save-file-help":
      "The badge is written inside the file. Saving it accepts nothing and declines nothing.",
    "not-mine": "Not mine",
    "not-mine-help":
      "Did it reach the wrong person, or is it about something you never did? Say so: it is hidden at once, and {issuer} is asked to look at it. Your address and name are not passed on.",
    "say-not-mine": "Say that it is not mine",
    "accepted-on": "You accepted it on {day}.",
    "all-yours": "See all your badges in one place",
    "all-yours-help": "Sign in with the address this mail came to. There is no password.",
    "declined-title": "You said that it is not yours",
    "declined-lead":
      "It is hidden, and {issuer} has been asked to look at it. There is nothing more for you to do.",
    "declined-help": "Was that a mistake? You can still accept it.",
    "revoked-title": "This badge was revoked",
    "revoked-lead": "{issuer} took it back on {day}, so there is nothing to accept.",
    "revoked-reason": "The reason given: {reason}",
    "revoked-fix": "If that is a mistake, ask {issuer} to award it anew.",
    "revoked-page": "See the badge’s page",
    "replaced-fix": "A corrected badge has taken its place. It has a mail and a link of its own.",
    "replaced-page": "See the new badge",
    "run-out-title": "This badge has run out",
    "run-out-lead": "It was valid until {day}, so there is nothing to accept any more.",
    "run-out-fix": "Its page and its file stay. For a new one, ask {issuer}.",
    "link-over-title": "This link has expired",
    "link-over-lead": "The link of a mail works for {days} days, and that time is over.",
    "link-over-fix":
      "The badge is as good as before. Sign in with the address the mail came to: it is among your badges, and can be accepted there.",
    "link-over-sign-in": "Sign in",
    "no-link-title": "This link leads to no badge",
    "no-link-lead": "Part of it is missing, or the badge is no longer there.",
    "no-link-fix":
      "Open the link from the mail once more, or copy all of it. Signed in with the address the mail came to, you find all your badges.",
  },
  {
    "code-title": "{badge} einlösen",
    "code-lead": "Sie haben einen Code für dieses Badge erhalten.",
    from: "Von {issuer}",
    "stands-for": "Wofür es steht",
    "sign-in": "Zum Einlösen anmelden",
    "sign-in-help":
      "Sie erhalten eine E-Mail mit einem Link und kommen hierher zurück. Das Badge wird auf die Adresse ausgestellt, mit der Sie sich anmelden.",
    "no-address":
      "Ein Badge wird auf eine E-Mail-Adresse ausgestellt, und Sie haben noch keine bestätigt. <link>Fügen Sie Ihre Adresse hinzu</link> und öffnen Sie diese Seite dann erneut.",
    "made-out-to": "Es wird auf {address} ausgestellt.",
    "make-out-to": "Ausstellen auf",
    claim: "Dieses Badge einlösen",
    yours: "Dieses Badge gehört Ihnen",
    "held-before": "Sie haben dieses Badge bereits",
    "yours-title": "{words}: {badge}",
    "not-used": "Der Code wurde nicht verbraucht: Jemand anderes kann ihn einlösen.",
    "see-badge": "Badge ansehen",
    "to-backpacks": "An Ihre Backpacks senden lassen",

    "unknown-title": "Diesen Code gibt es nicht",
    "unknown-lead": "Mit diesem Code lässt sich kein Badge einlösen.",
    "unknown-fix":
      "Vergleichen Sie ihn Zeichen für Zeichen mit dem, den Sie erhalten haben. Stimmt er überein, wurde er zurückgezogen: Fragen Sie die Person, die ihn Ihnen gegeben hat.",
    "expired-title": "Dieser Code ist abgelaufen",
    "expired-lead": "Die Zeit, in der sich das Badge damit einlösen ließ, ist vorbei.",
    "expired-fix":
      "Bitten Sie die Person, die ihn Ihnen gegeben hat, um einen neuen. Rechtzeitig eingelöste Badges bleiben, wie sie sind.",
    "used_up-title": "Dieser Code ist aufgebraucht",
    "used_up-lead": "Mehr Personen dürfen das Badge damit nicht einlösen.",
    "used_up-fix": "Bitten Sie die Person, die ihn Ihnen gegeben hat, um einen neuen.",
    "badge-inactive-title": "Dieses Badge wird derzeit nicht verliehen",
    "badge-inactive-lead": "Die Organisation hat es abgeschaltet. Der Code wurde nicht verbraucht.",
    "badge-inactive-fix":
      "Versuchen Sie es später erneut oder fragen Sie die Organisation. Ihr Code bleibt gültig.",
    "recipient-not-eligible-title": "Dieses Badge ist für andere gedacht",
    "recipient-not-eligible-lead":
      "Die Organisation verleiht es an Mitglieder mit einer bestimmten Rolle, und Sie haben eine andere. Der Code wurde nicht verbraucht.",
    "recipient-not-eligible-fix":
      "Falls das ein Irrtum ist, bitten Sie die Organisation um die Rolle und lösen Sie den Code dann erneut ein.",
    "recipient-not-active-title": "Ihre Mitgliedschaft ist nicht aktiv",
    "recipient-not-active-lead":
      "Die Organisation hat sie gesperrt oder beendet und verleiht Badges nur an aktive Mitglieder. Der Code wurde nicht verbraucht.",
    "recipient-not-active-fix":
      "Bitten Sie die Organisation, sie wieder zu aktivieren, und lösen Sie den Code dann erneut ein.",
    "award-revoked-title": "Ihr Badge wurde widerrufen",
    "award-revoked-lead":
      "Sie hatten dieses Badge, und die Organisation hat es zurückgenommen. Ein Code bringt es nicht zurück und wurde nicht verbraucht.",
    "award-revoked-fix":
      "Die Seite des Badges nennt den Grund. Falls das ein Irrtum ist, bitten Sie die Organisation, es erneut zu verleihen.",
    "other-title": "Dieses Badge lässt sich nicht einlösen",
    "other-lead":
      "Eine Regel des Badges lässt diesen Weg nicht zu. Der Code wurde nicht verbraucht.",
    "other-fix": "Bitten Sie die Organisation, es Ihnen zu verleihen.",

    "award-title": "{badge}, an Sie verliehen",
    "award-lead": "{issuer} hat Ihnen dieses Badge verliehen",
    "award-to": "Es ist auf {name} ausgestellt.",
    "how-earned": "Wie man es erhält",
    "what-accepting-does": "Was das Annehmen bewirkt",
    "accepting-says": "Sie teilen {issuer} mit, dass das Badge Ihnen gehört und angekommen ist.",
    "accepting-keeps":
      "Das Badge ist bereits gültig und bleibt, wie es ist, ob Sie es annehmen oder nicht. Sie brauchen kein Konto.",
    accept: "Annehmen",
    "accept-after-all": "Es gehört doch mir",
    "save-file": "Nur die Datei speichern",
    "save-file-help":
      "Das Badge steht in der Datei selbst. Mit dem Speichern nehmen Sie nichts an und lehnen nichts ab.",
    "not-mine": "Nicht meins",
    "not-mine-help":
      "Hat es die falsche Person erreicht, oder geht es um etwas, das Sie nie getan haben? Sagen Sie es: Es wird sofort verborgen, und {issuer} wird gebeten, es zu prüfen. Ihre Adresse und Ihr Name werden nicht weitergegeben.",
    "say-not-mine": "Mitteilen, dass es nicht meins ist",
    "accepted-on": "Sie haben es am {day} angenommen.",
    "all-yours": "Alle Ihre Badges an einem Ort ansehen",
    "all-yours-help":
      "Melden Sie sich mit der Adresse an, an die diese E-Mail ging. Ein Passwort gibt es nicht.",
    "declined-title": "Sie haben mitgeteilt, dass es nicht Ihres ist",
    "declined-lead":
      "Es ist verborgen, und {issuer} wurde gebeten, es zu prüfen. Sie müssen nichts weiter tun.",
    "declined-help": "War das ein Versehen? Sie können es noch annehmen.",
    "revoked-title": "Dieses Badge wurde widerrufen",
    "revoked-lead": "{issuer} hat es am {day} zurückgenommen; es gibt nichts anzunehmen.",
    "revoked-reason": "Angegebener Grund: {reason}",
    "revoked-fix": "Falls das ein Irrtum ist, bitten Sie {issuer}, es erneut zu verleihen.",
    "revoked-page": "Seite des Badges ansehen",
    "replaced-fix":
      "Ein berichtigtes Badge ist an seine Stelle getreten. Es hat eine eigene E-Mail und einen eigenen Link.",
    "replaced-page": "Neues Badge ansehen",
    "run-out-title": "Dieses Badge ist abgelaufen",
    "run-out-lead": "Es galt bis {day}; es gibt nichts mehr anzunehmen.",
    "run-out-fix": "Seine Seite und seine Datei bleiben. Um ein neues bitten Sie {issuer}.",
    "link-over-title": "Dieser Link ist abgelaufen",
    "link-over-lead": "Der Link einer E-Mail gilt {days} Tage, und diese Zeit ist vorbei.",
    "link-over-fix":
      "Das Badge ist so gültig wie zuvor. Melden Sie sich mit der Adresse an, an die die E-Mail ging: Es steht unter Ihren Badges und lässt sich dort annehmen.",
    "link-over-sign-in": "Anmelden",
    "no-link-title": "Dieser Link führt zu keinem Badge",
    "no-link-lead": "Ein Teil davon fehlt, oder das Badge ist nicht mehr da.",
    "no-link-fix":
      "Öffnen Sie den Link noch einmal aus der E-Mail oder kopieren Sie ihn vollständig. Angemeldet mit der Adresse, an die die E-Mail ging, finden Sie alle Ihre Badges.",
  },
);

/** Why a code leads to no badge. */
export type NoClaim =
  | "unknown"
  | "expired"
  | "used_up"
  | "badge-inactive"
  | "recipient-not-eligible"
  | "recipient-not-active"
  | "award-revoked"
  | "other";
