// What the page of a person's sessions says.
import { area } from "./speak.tsx";

export const SESSIONS_WORDS = area(
  {
    title: "Sessions",
    heading: "Where you are signed in",
    lead: "End what you do not know, or no longer use.",
    name: "{system, select, unknown {{browser}} other {{browser} on {system}}}",
    "a-browser": "A browser",
    this: "{name} (this one)",
    times:
      "Signed in {method, select, link {by a link in a mail} code {by a code in a mail} oidc {at another site} other {by a link of the demo}} on {started}, last used on {seen}.",
    end: "End",
    "end-this": "this session",
    "end-that": "the session of {name}",
    "end-others": "End all others ({count})",
    "done-ended": "The session was ended.",
    "done-others-ended": "All other sessions were ended.",
  },
  {
    title: "Sitzungen",
    heading: "Wo Sie angemeldet sind",
    lead: "Beenden Sie, was Sie nicht kennen oder nicht mehr verwenden.",
    name: "{system, select, unknown {{browser}} other {{browser} unter {system}}}",
    "a-browser": "Ein Browser",
    this: "{name} (dieser hier)",
    times:
      "Angemeldet {method, select, link {mit einem Link in einer E-Mail} code {mit einem Code in einer E-Mail} oidc {bei einem anderen Dienst} other {mit einem Link der Demo}} am {started}, zuletzt verwendet am {seen}.",
    end: "Beenden",
    "end-this": "(diese Sitzung)",
    "end-that": "(die Sitzung von {name})",
    "end-others": "Alle anderen beenden ({count})",
    "done-ended": "Die Sitzung wurde beendet.",
    "done-others-ended": "Alle anderen Sitzungen wurden beendet.",
  },
);
