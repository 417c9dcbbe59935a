// What the rules of the API say on a form: a sentence for each code, in every language but English, where the API says it.
import { area } from "./speak.tsx";

/** The English stands here for translators; a page in English shows what the API said of the very value. */
export const FAULT_WORDS = area(
  {
    name_non_empty_and_bounded: "Give a name that is not too long.",
    name_unique_per_organization: "Another badge has this name. Choose another one.",
    no_duplicate_name_within_org:
      "Another badge has this name. Choose another one, or archive that badge.",
    description_non_empty_and_bounded: "Say what the badge stands for, in not too many words.",
    eligibility_roles_non_empty_array: "Name at least one role.",
    max_awards_positive_integer: "Give a whole number from 1, or nothing for without limit.",
    max_awards_cover_tiers: "Allow at least one award for each level.",
    sort_order_non_negative: "Give a whole number from 0.",
    criteria_value_positive_integer: "Give a whole number from 1.",
    criterion_needs_params: "A criterion needs something to ask for.",
    activation_needs_criterion: "An active badge asks for something. Add a criterion.",
    criterion_type_of_badge:
      "This kind of criterion does not suit the badge: some are for badges of a course only, some for badges of the organization.",
    metric_must_be_known: "Nobody counts this. Choose something that is counted.",
    state_holds_or_not: "This holds or does not: it needs the number 1 and no window.",
    window_is_a_duration: "Give a whole number for the window.",
    course_badge_requires_course: "A badge of a course names the course, any other does not.",
    expire_date_in_future: "This day has passed. Choose a later one.",
    expire_period_positive: "Give a length of time up to 100 years.",
    tier_thresholds_increase: "A higher level needs more than the one below it.",
    placeholder_known: "Nothing stands for one of the placeholders. Use those that are listed.",
    art_contrast_too_low:
      "This colour is hardly seen on a light or on a dark page. Choose another one.",
    url_format: "Give a whole web address that begins with https:// or http://.",
    email_format: "Give one e-mail address.",
    language_tag: "Give a language tag such as en, de or pt-BR.",
    revocation_reason_non_empty_and_bounded: "Say why, in not too many words.",
    correction_given: "Nothing is another than before. Correct something, or go back.",
    evidence_valid: "Give whole web addresses, one on each line.",
    confirm_repeats_the_name: "This is not the badge's name. Type it exactly as it is.",
    required: "This is missing.",
    blank: "Say something here.",
    too_small: "This is missing, or too short or too small.",
    too_large: "This is too long or too large.",
    "badge-archived": "The badge is archived, and stays as it is.",
    "badge-inactive": "The badge is not active.",
    "badge-not-renewable": "Awards of this badge cannot be renewed. Change the badge first.",
    "award-not-expired": "The award has not expired.",
    "award-revoked": "The award is revoked.",
    "award-not-mailable":
      "Nobody can be written to about this award: it is hidden, declined or expired, or not made out to an e-mail address.",
    "mail-not-set-up": "This installation can send no mail.",
    "recipient-not-active": "The recipient is suspended.",
    "recipient-not-eligible": "The recipient has no role that may have this badge.",
    "visibility-restricted": "Only who holds the award, or an administrator, may hide or show it.",
    "edit-conflict": "Somebody else has changed this meanwhile. Look again.",
  },
  {
    name_non_empty_and_bounded: "Geben Sie einen Namen an, der nicht zu lang ist.",
    name_unique_per_organization:
      "Ein anderes Badge heißt schon so. Wählen Sie einen anderen Namen.",
    no_duplicate_name_within_org:
      "Ein anderes Badge heißt schon so. Wählen Sie einen anderen Namen, oder archivieren Sie jenes Badge.",
    description_non_empty_and_bounded:
      "Beschreiben Sie, wofür das Badge steht, nicht zu ausführlich.",
    eligibility_roles_non_empty_array: "Nennen Sie mindestens eine Rolle.",
    max_awards_positive_integer: "Geben Sie eine ganze Zahl ab 1 an, oder nichts für unbegrenzt.",
    max_awards_cover_tiers: "Erlauben Sie mindestens eine Verleihung je Stufe.",
    sort_order_non_negative: "Geben Sie eine ganze Zahl ab 0 an.",
    criteria_value_positive_integer: "Geben Sie eine ganze Zahl ab 1 an.",
    criterion_needs_params: "Ein Kriterium muss etwas verlangen.",
    activation_needs_criterion: "Ein aktives Badge verlangt etwas. Fügen Sie ein Kriterium hinzu.",
    criterion_type_of_badge:
      "Diese Art von Kriterium passt nicht zum Badge: Manche gelten nur für Badges eines Kurses, manche nur für Badges der Organisation.",
    metric_must_be_known: "Das zählt niemand. Wählen Sie etwas, das gezählt wird.",
    state_holds_or_not: "Das gilt oder gilt nicht: Es braucht die Zahl 1 und keinen Zeitraum.",
    window_is_a_duration: "Geben Sie für den Zeitraum eine ganze Zahl an.",
    course_badge_requires_course: "Ein Badge eines Kurses nennt den Kurs, ein anderes nicht.",
    expire_date_in_future: "Dieser Tag ist vorbei. Wählen Sie einen späteren.",
    expire_period_positive: "Geben Sie eine Dauer von höchstens 100 Jahren an.",
    tier_thresholds_increase: "Eine höhere Stufe braucht mehr als die darunter.",
    placeholder_known: "Einer der Platzhalter steht für nichts. Verwenden Sie nur die genannten.",
    art_contrast_too_low:
      "Diese Farbe ist auf heller oder dunkler Seite kaum zu sehen. Wählen Sie eine andere.",
    url_format: "Geben Sie eine ganze Webadresse an, die mit https:// oder http:// beginnt.",
    email_format: "Geben Sie eine E-Mail-Adresse an.",
    language_tag: "Geben Sie ein Sprachkürzel an, etwa en, de oder pt-BR.",
    revocation_reason_non_empty_and_bounded: "Nennen Sie den Grund, nicht zu ausführlich.",
    correction_given: "Nichts ist anders als zuvor. Berichtigen Sie etwas, oder gehen Sie zurück.",
    evidence_valid: "Geben Sie ganze Webadressen an, eine je Zeile.",
    confirm_repeats_the_name:
      "Das ist nicht der Name des Badges. Geben Sie ihn genau so ein, wie er ist.",
    required: "Das fehlt.",
    blank: "Schreiben Sie hier etwas.",
    too_small: "Das fehlt oder ist zu kurz oder zu klein.",
    too_large: "Das ist zu lang oder zu groß.",
    "badge-archived": "Das Badge ist archiviert und bleibt, wie es ist.",
    "badge-inactive": "Das Badge ist nicht aktiv.",
    "badge-not-renewable":
      "Verleihungen dieses Badges lassen sich nicht erneuern. Ändern Sie zuerst das Badge.",
    "award-not-expired": "Die Verleihung ist nicht abgelaufen.",
    "award-revoked": "Die Verleihung ist widerrufen.",
    "award-not-mailable":
      "Zu dieser Verleihung geht keine E-Mail: Sie ist verborgen, abgelehnt oder abgelaufen oder nicht auf eine E-Mail-Adresse ausgestellt.",
    "mail-not-set-up": "Diese Installation kann keine E-Mails senden.",
    "recipient-not-active": "Die Person ist gesperrt.",
    "recipient-not-eligible": "Die Person hat keine Rolle, die dieses Badge haben darf.",
    "visibility-restricted":
      "Nur wer die Verleihung hat oder verwaltet, darf sie verbergen oder zeigen.",
    "edit-conflict": "Jemand anderes hat das inzwischen geändert. Sehen Sie noch einmal nach.",
  },
);

export type FaultCode = keyof typeof FAULT_WORDS.en;
