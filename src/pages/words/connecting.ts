// What is said on the way to a backpack and back.
import { area } from "./speak.tsx";

export const CONNECTING_WORDS = area(
  {
    "on-to": "On to {host}",
    "asked-there": "You are asked there what you allow, and led back here. It takes a moment.",
    elsewhere:
      "The backpack is at {site}, and has people sign in and allow access at {host}. Go on if that is what you expect; else close this page, and nothing is connected.",
    "go-to": "Go to {host}",
    "not-connected": "Not connected",
    "what-to-do": "What to do",
    "your-backpacks": "Your backpacks",
    back: "Back to this backpack",
    "sign-in": "Sign in",
    reason: "Reason: {code}",
    "who-you": "You can put this right yourself.",
    "who-backpack": "This is for the backpack’s operator to put right.",
    "who-administrator": "This is for an administrator of this site to put right.",
    "who-nobody": "Nobody can put this right.",
  },
  {
    "on-to": "Weiter zu {host}",
    "asked-there":
      "Dort werden Sie gefragt, was Sie erlauben, und dann hierher zurückgeführt. Es dauert einen Augenblick.",
    elsewhere:
      "Der Backpack ist auf {site}; angemeldet und erlaubt wird auf {host}. Gehen Sie weiter, wenn Sie das erwarten; sonst schließen Sie diese Seite, und es wird nichts verbunden.",
    "go-to": "Zu {host}",
    "not-connected": "Nicht verbunden",
    "what-to-do": "Was Sie tun können",
    "your-backpacks": "Ihre Backpacks",
    back: "Zurück zu diesem Backpack",
    "sign-in": "Anmelden",
    reason: "Grund: {code}",
    "who-you": "Das können Sie selbst in Ordnung bringen.",
    "who-backpack": "Das muss der Betreiber des Backpacks in Ordnung bringen.",
    "who-administrator": "Das muss die Administration dieser Website in Ordnung bringen.",
    "who-nobody": "Das kann niemand in Ordnung bringen.",
  },
);
