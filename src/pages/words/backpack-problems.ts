// Why something between here and a backpack did not go through, and whose turn it is; one sentence for each code.
import { area } from "./speak.tsx";

export const BACKPACK_PROBLEMS = area(
  {
    // Of the host itself: the same whether a badge is sent there or its badges are read.
    rate_limited: "The backpack asked us to come back later.",
    unreachable: "The backpack cannot be reached.",
    host_error: "The backpack has trouble of its own.",
    bad_answer: "The backpack gave an answer that cannot be understood.",
    answer_too_large: "The backpack gave an answer that is longer than is read.",
    redirected: "The backpack sends us to an address that it did not give when it was added.",
    busy: "This site is busy with other badges.",

    // Of a badge that is sent
    send_unknown: "The badge has not arrived.",
    send_invalid_badge:
      "The backpack could not verify the badge. It may not have reached this site; try again, and tell an administrator if it says so once more.",
    send_recipient_mismatch:
      "The badge is made out to an address that the backpack does not know you by. Add that address to your account there, then try again.",
    send_invalid_request: "The backpack did not accept the badge in the form it was sent in.",
    send_not_supported: "Badges cannot be sent to a backpack of this kind.",
    send_reconnect: "The backpack no longer lets us in. Connect it again, and your badges follow.",
    send_scope_missing:
      "You have not allowed adding badges to this backpack, or it does not offer that. Connect it again and allow it.",
    send_host_resting: "The backpack has not been working.",
    send_access_unavailable: "The backpack did not renew our access just now.",
    send_no_answer:
      "The backpack did not answer in time. The badge may be there all the same: we look before it is sent again.",
    send_not_there: "There is nothing at the address this backpack gave for receiving badges.",
    send_revocation_not_taken:
      "The badge was revoked. The backpack did not take note of that; whoever checks the badge sees it.",

    // Of badges that are read
    read_unknown: "The backpack could not be read.",
    read_gone: "There is no connection to this backpack any more.",
    read_reconnect: "The backpack no longer lets us in. Connect it again to see its badges.",
    read_switched_off: "An administrator has switched this backpack off for now.",
    read_not_spoken: "Badges cannot be read from a backpack of this kind yet.",
    read_not_allowed: "The backpack does not let us see which badges it holds.",
    read_not_there: "There is no backpack at this address any more.",
    read_refused: "The backpack refused to list its badges.",
    read_more_than_read:
      "The backpack holds more badges than are read from it; the first of them are shown.",

    // Of a connection that waits for its person. Each is mended by connecting again.
    "grant-gone":
      "Access was ended at the backpack, or it ended by itself. Connect again to go on.",
    "client-forgotten": "The backpack has forgotten this site. Connect again to go on.",
    "token-expired":
      "Access has ended, and the backpack gives no lasting one. Connect again to go on.",
    "token-rejected": "The backpack no longer accepts the access it gave. Connect again to go on.",
    "refresh-refused": "The backpack refused to renew the access. Connect again to go on.",
    "token-unreadable":
      "The stored access cannot be opened on this server any more. Connect again to go on.",

    // Whose turn it is
    "turn-backpack": "Only the backpack’s operator can put this right.",
    "turn-administrator": "An administrator of this site has to look at it.",
    "turn-nobody": "It is tried again by itself.",
    "turn-again-then-backpack":
      "It is tried again by itself. If it stays so, only the backpack’s operator can put it right.",
    "turn-given-up": "It is no longer tried by itself: try again once the backpack works.",
  },
  {
    rate_limited: "Der Backpack hat darum gebeten, später wiederzukommen.",
    unreachable: "Der Backpack ist nicht erreichbar.",
    host_error: "Der Backpack hat selbst eine Störung.",
    bad_answer: "Die Antwort des Backpacks ist nicht zu verstehen.",
    answer_too_large: "Die Antwort des Backpacks ist länger, als hier gelesen wird.",
    redirected:
      "Der Backpack verweist auf eine Adresse, die er nicht angegeben hat, als er hinzugefügt wurde.",
    busy: "Diese Website ist mit anderen Badges beschäftigt.",

    send_unknown: "Das Badge ist nicht angekommen.",
    send_invalid_badge:
      "Der Backpack konnte das Badge nicht prüfen. Vielleicht hat er diese Website nicht erreicht; versuchen Sie es noch einmal, und sagen Sie es der Administration, wenn es wieder geschieht.",
    send_recipient_mismatch:
      "Das Badge ist auf eine Adresse ausgestellt, unter der Sie der Backpack nicht kennt. Fügen Sie diese Adresse dort Ihrem Konto hinzu, und versuchen Sie es dann noch einmal.",
    send_invalid_request:
      "Der Backpack hat das Badge in der Form, in der es gesendet wurde, nicht angenommen.",
    send_not_supported: "An einen Backpack dieser Art lassen sich keine Badges senden.",
    send_reconnect:
      "Der Backpack lässt uns nicht mehr hinein. Verbinden Sie ihn wieder, dann folgen Ihre Badges.",
    send_scope_missing:
      "Sie haben nicht erlaubt, diesem Backpack Badges hinzuzufügen, oder er bietet das nicht an. Verbinden Sie ihn noch einmal, und erlauben Sie es.",
    send_host_resting: "Der Backpack hat zuletzt nicht funktioniert.",
    send_access_unavailable: "Der Backpack hat unseren Zugang gerade nicht erneuert.",
    send_no_answer:
      "Der Backpack hat nicht rechtzeitig geantwortet. Vielleicht ist das Badge trotzdem dort: Wir sehen nach, bevor es noch einmal gesendet wird.",
    send_not_there:
      "Unter der Adresse, die dieser Backpack für den Empfang von Badges angegeben hat, gibt es nichts.",
    send_revocation_not_taken:
      "Das Badge wurde widerrufen. Der Backpack hat das nicht übernommen; wer das Badge prüft, sieht es trotzdem.",

    read_unknown: "Der Backpack konnte nicht gelesen werden.",
    read_gone: "Zu diesem Backpack besteht keine Verbindung mehr.",
    read_reconnect:
      "Der Backpack lässt uns nicht mehr hinein. Verbinden Sie ihn wieder, um seine Badges zu sehen.",
    read_switched_off: "Die Administration hat diesen Backpack vorerst abgeschaltet.",
    read_not_spoken: "Aus einem Backpack dieser Art lassen sich noch keine Badges lesen.",
    read_not_allowed: "Der Backpack lässt uns nicht sehen, welche Badges er enthält.",
    read_not_there: "Unter dieser Adresse gibt es keinen Backpack mehr.",
    read_refused: "Der Backpack weigert sich, seine Badges aufzuzählen.",
    read_more_than_read:
      "Der Backpack enthält mehr Badges, als hier gelesen werden; gezeigt werden die ersten davon.",

    "grant-gone":
      "Der Zugang wurde beim Backpack beendet, oder er ist von selbst abgelaufen. Verbinden Sie ihn wieder, um fortzufahren.",
    "client-forgotten":
      "Der Backpack hat diese Website vergessen. Verbinden Sie ihn wieder, um fortzufahren.",
    "token-expired":
      "Der Zugang ist abgelaufen, und einen dauerhaften gewährt der Backpack nicht. Verbinden Sie ihn wieder, um fortzufahren.",
    "token-rejected":
      "Der Backpack erkennt den Zugang, den er gewährt hat, nicht mehr an. Verbinden Sie ihn wieder, um fortzufahren.",
    "refresh-refused":
      "Der Backpack hat es abgelehnt, den Zugang zu erneuern. Verbinden Sie ihn wieder, um fortzufahren.",
    "token-unreadable":
      "Der gespeicherte Zugang lässt sich auf diesem Server nicht mehr öffnen. Verbinden Sie ihn wieder, um fortzufahren.",

    "turn-backpack": "Beheben kann das nur der Betreiber des Backpacks.",
    "turn-administrator": "Die Administration dieser Website muss sich darum kümmern.",
    "turn-nobody": "Es wird von selbst noch einmal versucht.",
    "turn-again-then-backpack":
      "Es wird von selbst noch einmal versucht. Bleibt es so, kann es nur der Betreiber des Backpacks beheben.",
    "turn-given-up":
      "Von selbst wird es nicht mehr versucht: Versuchen Sie es noch einmal, sobald der Backpack funktioniert.",
  },
);

export type BackpackProblem = Exclude<keyof typeof BACKPACK_PROBLEMS.en, `turn-${string}`>;
export type Turn = "backpack" | "administrator" | "nobody" | "again-then-backpack" | "given-up";
