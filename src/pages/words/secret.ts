// What the page says that shows a secret once, whatever it is a secret of.
import { area } from "./speak.tsx";

export const SECRET = area(
  {
    "keep-now": "Copy it now: it is shown this once, and nobody can show it again.",
    "shown-before": "It was shown when it was made, and is shown once only.",
    secret: "Secret",
  },
  {
    "keep-now": "Kopieren Sie es jetzt: Es wird nur dieses eine Mal angezeigt, danach nie wieder.",
    "shown-before": "Es wurde bei der Erstellung angezeigt, und das geschieht nur einmal.",
    secret: "Geheimnis",
  },
);
