// What the pages say on which somebody awards a badge by hand, or nominates a person for one.
import { area } from "./speak.tsx";

export const AWARD = area(
  {
    title: "Award a badge",
    lead: "One badge for one person. You see the mail and the badge’s page before anything is done.",
    many: "Have a list? <link>Award many at once</link>.",
    "no-badges": "There is no active badge that you may award or nominate for.",
    "no-badges-why":
      "Coordinators give badges that ask for a coordinator’s word. An administrator of the organization sets that in the badge’s criteria.",
    "no-badges-make": "Make a badge",
    what: "What do you want to do?",
    "mode-award": "Award it",
    "mode-award-help": "The person has the badge at once and is told by mail.",
    "mode-nominate": "Nominate the person",
    "mode-nominate-help": "Somebody else decides whether the badge is awarded.",
    person: "Person",
    "person-help":
      "Type a name or an e-mail address. It may be an address that nobody here has yet: whoever has it becomes a member by the award.",
    "person-which": "Which of them?",
    "person-which-help": "Several people here are found by what you typed.",
    "people-found": "{count, plural, =0 {Nobody is found} one {# person} other {# people}}",
    "people-new": "Nobody here has this address: whoever does becomes a member.",
    name: "Name",
    "name-help": "Only for somebody new: how the badge’s page calls them.",
    badge: "Badge",
    "badge-help":
      "Of badges with tiers, each tier stands for itself. {hidden, plural, =0 {} one {# badge is given by rule, or by people with other roles, and is not listed.} other {# badges are given by rule, or by people with other roles, and are not listed.}}",
    "badge-choose": "Choose a badge",
    "badge-tier": "{badge}: {tier} (tier {level})",
    "badge-nominate-only": "{badge} (nominate only)",
    date: "Date of the award",
    "date-help":
      "Today, {day}. An award carries the day it is made: it cannot be dated ahead or back. When the deed was done belongs into the note.",
    expires: "Valid until",
    "expires-help": "Leave it empty for what the badge says. The whole day counts, in UTC.",
    evidence: "Evidence",
    "evidence-help":
      "One piece a line: a web address, with a name behind it if you like; or a sentence. Public.",
    note: "Note",
    "note-help":
      "What the person did; Markdown. It stands on the badge’s page for everybody to read. A nomination needs it as its reason.",
    preview: "See what will happen",
    "preview-title": "Award {badge} to {person}?",
    "preview-lead": "Nothing is done yet.",
    "will-first": "{person} does not hold this badge yet.",
    "will-more":
      "{person} holds this badge already. This will be award {ordinal} {max, plural, =0 {of unlimited} other {of #}}.",
    "will-new": "{person} is new here, and becomes a member by this award.",
    "skip-limit": "This will be skipped: {person} holds the badge, and its limit is {max}.",
    "skip-tier": "This will be skipped: {person} holds this tier of the badge, or a higher one.",
    "skip-why": "Nothing will be done, and nobody is told.",
    "skip-see": "See the award they hold",
    "mail-title": "The mail",
    "mail-subject": "Subject",
    "mail-none": "No mail goes out: the person has no e-mail address here.",
    "mail-off": "This installation sends no mail. Give the person the address of the badge’s page.",
    "mail-link": "The link in it is made with the award.",
    "page-title": "The badge’s page",
    "page-to": "Awarded to <b>{person}</b> by {organization} on {day}",
    "page-by": "Awarded by {organization} on {day}",
    "page-nameless": "The page names nobody: no name is known here, and addresses are never shown.",
    "page-expires": "Valid until {day}",
    "do-award": "Award it now",
    change: "Change something",
    "awarded-title": "{badge} was awarded to {person}",
    "held-title": "{person} holds {badge} already",
    "held-lead": "Nothing was awarded, and nobody was told. This is the award they hold.",
    "next-title": "What happened",
    "happened-page": "The award has <link>its page</link>, which verifies from now on.",
    "happened-mail":
      "{sent, select, yes {The mail about it was sent.} waiting {The mail about it is on its way.} off {This installation sends no mail.} other {No mail goes out: it was not made out to an e-mail address.}}",
    "happened-mailbox": "In the demo, mails arrive in <link>the mailbox</link>.",
    "happened-claim":
      "{state, select, claimed {The person has accepted it.} declined {The person has declined it.} other {The person has not accepted it yet.}}",
    "happened-tier": "Tier {level}.",
    "happened-expires": "It is valid until {day}.",
    "happened-revoked": "It was revoked.",
    again: "Award another badge",
    "again-same": "Award this badge to somebody else",
    manage: "All awards of this badge",
    "person-empty": "Say whom: a name or an e-mail address.",
    "person-unknown":
      "Nobody here is called that. Type their e-mail address: whoever has it becomes a member by the award.",
    "person-unknown-nominate":
      "Nobody here is called that, or has this address. Only members can be nominated.",
    "badge-empty": "Choose a badge.",
    "note-empty": "Say why: whoever decides reads it, and it becomes the award’s note.",
    "expires-wrong": "Give a day as year-month-day, such as 2027-03-31.",
    "self-nominated":
      "You would nominate yourself. A nomination is somebody else’s word for a person: ask another coordinator to nominate you.",
    "rule-own-badge":
      "You would award a badge to yourself. Somebody else has to: ask another coordinator or an administrator.",
    "rule-not-active":
      "This person is suspended or deactivated here, and receives nothing. An administrator can reactivate them.",
    "rule-not-eligible":
      "None of this person’s roles may receive this badge. An administrator can change their roles, or who may receive it.",
    "rule-inactive": "This badge is not active: it is awarded to nobody now.",
    "rule-role":
      "Your role does not give this badge. Its criteria ask for somebody else’s word, for several people’s, or for what is counted.",
    "rule-not-nominatable":
      "Nobody is nominated for this badge: it is awarded by rule, or asks for several people’s words.",
    "rule-pending": "A nomination of this person for this badge waits for a decision already.",
    "rule-held": "The person holds this badge already, as often as it may be held.",
    "rule-expires": "This day has passed: the award would be expired when it is made.",
    "rule-badge-expired":
      "The day on which all awards of this badge expire has passed. Give another day, or award another badge.",
    "rule-tier": "Choose the badge again, with one of its tiers.",
    "rule-date": "An award carries the day it is made: it cannot be dated ahead or back.",
    "rule-user": "Nobody here is known by this. Choose somebody, or give an e-mail address.",
    "rule-email": "This is not an e-mail address.",
    "rule-evidence": "Each line begins with a web address (https://…), or is a sentence.",
    "rule-too-large":
      "With so much evidence and note no picture can carry the award. Shorten them.",
  },
  {
    title: "Badge verleihen",
    lead: "Ein Badge für eine Person. Sie sehen die E-Mail und die Seite des Badges, bevor etwas geschieht.",
    many: "Sie haben eine Liste? <link>Viele auf einmal verleihen</link>.",
    "no-badges": "Es gibt kein aktives Badge, das Sie verleihen oder vorschlagen dürfen.",
    "no-badges-why":
      "Koordinatoren verleihen Badges, die das Wort eines Koordinators verlangen. Die Verwaltung der Organisation legt das in den Kriterien des Badges fest.",
    "no-badges-make": "Badge anlegen",
    what: "Was möchten Sie tun?",
    "mode-award": "Verleihen",
    "mode-award-help": "Die Person hat das Badge sofort und erfährt es per E-Mail.",
    "mode-nominate": "Die Person vorschlagen",
    "mode-nominate-help": "Jemand anderes entscheidet, ob das Badge verliehen wird.",
    person: "Person",
    "person-help":
      "Geben Sie einen Namen oder eine E-Mail-Adresse ein. Es darf auch eine Adresse sein, die hier noch niemand hat: Wer sie hat, wird durch die Verleihung Mitglied.",
    "person-which": "Wer davon?",
    "person-which-help": "Zu Ihrer Eingabe gibt es hier mehrere Personen.",
    "people-found": "{count, plural, =0 {Niemand gefunden} one {# Person} other {# Personen}}",
    "people-new": "Hier hat niemand diese Adresse: Wer sie hat, wird Mitglied.",
    name: "Name",
    "name-help": "Nur für neue Personen: So werden sie auf der Seite des Badges genannt.",
    badge: "Badge",
    "badge-help":
      "Bei Badges mit Stufen steht jede Stufe für sich. {hidden, plural, =0 {} one {# Badge wird nach Regeln oder von Personen mit anderen Rollen verliehen und steht nicht in der Liste.} other {# Badges werden nach Regeln oder von Personen mit anderen Rollen verliehen und stehen nicht in der Liste.}}",
    "badge-choose": "Badge auswählen",
    "badge-tier": "{badge}: {tier} (Stufe {level})",
    "badge-nominate-only": "{badge} (nur vorschlagen)",
    date: "Tag der Verleihung",
    "date-help":
      "Heute, {day}. Eine Verleihung trägt den Tag, an dem sie geschieht; vor- oder rückdatieren lässt sie sich nicht. Wann die Leistung erbracht wurde, gehört in die Anmerkung.",
    expires: "Gültig bis",
    "expires-help": "Lassen Sie es leer, gilt, was das Badge sagt. Der ganze Tag zählt, in UTC.",
    evidence: "Nachweise",
    "evidence-help":
      "Einer je Zeile: eine Webadresse, gern mit einer Bezeichnung dahinter, oder ein Satz. Öffentlich.",
    note: "Anmerkung",
    "note-help":
      "Was die Person getan hat; Markdown. Sie steht für alle lesbar auf der Seite des Badges. Ein Vorschlag braucht sie als Begründung.",
    preview: "Zeigen, was geschehen wird",
    "preview-title": "{badge} an {person} verleihen?",
    "preview-lead": "Noch ist nichts geschehen.",
    "will-first": "{person} hat dieses Badge noch nicht.",
    "will-more":
      "{person} hat dieses Badge bereits. Das wird Verleihung {ordinal} {max, plural, =0 {von unbegrenzt vielen} other {von #}}.",
    "will-new": "{person} ist hier neu und wird durch diese Verleihung Mitglied.",
    "skip-limit":
      "Das wird übersprungen: {person} hat das Badge bereits, und mehr als {max} sind nicht erlaubt.",
    "skip-tier":
      "Das wird übersprungen: {person} hat diese Stufe des Badges bereits oder eine höhere.",
    "skip-why": "Nichts wird geschehen, und niemand bekommt eine E-Mail.",
    "skip-see": "Die vorhandene Verleihung ansehen",
    "mail-title": "Die E-Mail",
    "mail-subject": "Betreff",
    "mail-none": "Es geht keine E-Mail hinaus: Die Person hat hier keine E-Mail-Adresse.",
    "mail-off":
      "Diese Installation versendet keine E-Mails. Geben Sie der Person die Adresse der Badge-Seite.",
    "mail-link": "Der Link darin entsteht mit der Verleihung.",
    "page-title": "Die Seite des Badges",
    "page-to": "Verliehen an <b>{person}</b> von {organization} am {day}",
    "page-by": "Verliehen von {organization} am {day}",
    "page-nameless":
      "Die Seite nennt niemanden: Ein Name ist hier nicht bekannt, und Adressen werden nie gezeigt.",
    "page-expires": "Gültig bis {day}",
    "do-award": "Jetzt verleihen",
    change: "Etwas ändern",
    "awarded-title": "{badge} wurde an {person} verliehen",
    "held-title": "{person} hat {badge} bereits",
    "held-lead":
      "Nichts wurde verliehen, und niemand hat eine E-Mail bekommen. Dies ist die vorhandene Verleihung.",
    "next-title": "Was geschehen ist",
    "happened-page": "Die Verleihung hat <link>ihre Seite</link> und lässt sich ab jetzt prüfen.",
    "happened-mail":
      "{sent, select, yes {Die E-Mail dazu wurde versendet.} waiting {Die E-Mail dazu ist unterwegs.} off {Diese Installation versendet keine E-Mails.} other {Es geht keine E-Mail hinaus: Die Verleihung lautet nicht auf eine E-Mail-Adresse.}}",
    "happened-mailbox": "In der Demo kommen E-Mails in <link>das Postfach</link>.",
    "happened-claim":
      "{state, select, claimed {Die Person hat es angenommen.} declined {Die Person hat es abgelehnt.} other {Die Person hat es noch nicht angenommen.}}",
    "happened-tier": "Stufe {level}.",
    "happened-expires": "Es gilt bis {day}.",
    "happened-revoked": "Es wurde widerrufen.",
    again: "Ein weiteres Badge verleihen",
    "again-same": "Dieses Badge an jemand anderen verleihen",
    manage: "Alle Verleihungen dieses Badges",
    "person-empty": "Sagen Sie, wer gemeint ist: ein Name oder eine E-Mail-Adresse.",
    "person-unknown":
      "So heißt hier niemand. Geben Sie die E-Mail-Adresse ein: Wer sie hat, wird durch die Verleihung Mitglied.",
    "person-unknown-nominate":
      "So heißt hier niemand, oder niemand hat diese Adresse. Nur Mitglieder können vorgeschlagen werden.",
    "badge-empty": "Wählen Sie ein Badge.",
    "note-empty":
      "Sagen Sie, warum: Wer entscheidet, liest es, und es wird zur Anmerkung der Verleihung.",
    "expires-wrong": "Geben Sie einen Tag als Jahr-Monat-Tag an, etwa 2027-03-31.",
    "self-nominated":
      "Sie würden sich selbst vorschlagen. Ein Vorschlag ist das Wort eines anderen für eine Person: Bitten Sie einen anderen Koordinator darum.",
    "rule-own-badge":
      "Sie würden sich selbst ein Badge verleihen. Das muss jemand anderes tun: Bitten Sie einen anderen Koordinator oder die Verwaltung.",
    "rule-not-active":
      "Diese Person ist hier gesperrt oder deaktiviert und erhält nichts. Die Verwaltung kann sie reaktivieren.",
    "rule-not-eligible":
      "Keine Rolle dieser Person darf dieses Badge erhalten. Die Verwaltung kann ihre Rollen ändern oder wer es erhalten darf.",
    "rule-inactive": "Dieses Badge ist nicht aktiv: Es wird zurzeit niemandem verliehen.",
    "rule-role":
      "Ihre Rolle verleiht dieses Badge nicht. Seine Kriterien verlangen das Wort anderer, mehrerer Personen oder etwas Gezähltes.",
    "rule-not-nominatable":
      "Für dieses Badge wird niemand vorgeschlagen: Es wird nach Regeln verliehen oder verlangt das Wort mehrerer.",
    "rule-pending": "Ein Vorschlag dieser Person für dieses Badge wartet bereits auf Entscheidung.",
    "rule-held": "Die Person hat dieses Badge bereits so oft, wie man es haben darf.",
    "rule-expires": "Dieser Tag ist vorbei: Die Verleihung wäre abgelaufen, sobald sie geschieht.",
    "rule-badge-expired":
      "Der Tag, an dem alle Verleihungen dieses Badges ablaufen, ist vorbei. Geben Sie einen anderen Tag an, oder verleihen Sie ein anderes Badge.",
    "rule-tier": "Wählen Sie das Badge noch einmal, mit einer seiner Stufen.",
    "rule-date":
      "Eine Verleihung trägt den Tag, an dem sie geschieht: Vor- oder rückdatieren lässt sie sich nicht.",
    "rule-user":
      "Niemand ist hier so bekannt. Wählen Sie jemanden, oder geben Sie eine E-Mail-Adresse an.",
    "rule-email": "Das ist keine E-Mail-Adresse.",
    "rule-evidence": "Jede Zeile beginnt mit einer Webadresse (https://…) oder ist ein Satz.",
    "rule-too-large":
      "Mit so vielen Nachweisen und so langer Anmerkung passt die Verleihung in kein Bild. Kürzen Sie sie.",
  },
);

export type AwardWord = keyof typeof AWARD.en;
