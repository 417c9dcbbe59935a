// What the page says of awards whose recipients say that they are not theirs.
import { area } from "./speak.tsx";

export const DECLINED = area(
  {
    title: "Not mine",
    heading: "Awards said to be somebody else’s",
    lead: "Their recipients say that these awards are not theirs. Each is hidden and goes on verifying until you revoke it, correct it, or find it right.",
    none: "Nobody says that an award is not theirs.",
    "none-help": "When somebody does, it is listed here.",
    award: "Award {id}",
    awarded: "Awarded on {day}",
    page: "See its page",
    uphold: "It is right",
    "uphold-help":
      "If it is right, it is shown again, and its recipient can accept it. Tell them why by other means.",
    revoke: "Revoke it",
    reason: "Reason",
    "reason-help": "Public: verifiers show it. Name nobody.",
    "revoke-press": "Revoke for good",
    "done-upheld": "It is shown again.",
    "done-revoked": "It was revoked.",
  },
  {
    title: "Nicht meins",
    heading: "Verleihungen, die jemand anderem gehören sollen",
    lead: "Die Empfänger sagen, dass diese Verleihungen nicht ihre sind. Jede ist verborgen und bleibt prüfbar, bis Sie sie widerrufen, berichtigen oder für richtig befinden.",
    none: "Niemand sagt, dass eine Verleihung nicht seine ist.",
    "none-help": "Sobald es jemand sagt, steht sie hier.",
    award: "Verleihung {id}",
    awarded: "Verliehen am {day}",
    page: "Ihre Seite ansehen",
    uphold: "Sie ist richtig",
    "uphold-help":
      "Ist sie richtig, wird sie wieder gezeigt und kann angenommen werden. Sagen Sie der Person auf anderem Weg, warum.",
    revoke: "Widerrufen",
    reason: "Grund",
    "reason-help": "Öffentlich: Prüfdienste zeigen ihn. Nennen Sie niemanden.",
    "revoke-press": "Endgültig widerrufen",
    "done-upheld": "Sie wird wieder gezeigt.",
    "done-revoked": "Sie wurde widerrufen.",
  },
);
