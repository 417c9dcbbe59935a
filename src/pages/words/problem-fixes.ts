// What to do in one case, in place of what is advised of its kind of problem.
import { area } from "./speak.tsx";

/** Who refuses takes the English from here; a page in another language finds its own by it. */
export const PROBLEM_FIXES = area(
  {
    "site-backpack": "Go back to the list: it may have been removed meanwhile.",
    "own-backpack":
      "Go back to the list of your backpacks. An administrator may have removed it or switched it off.",
    "others-backpack":
      "Give its address in the list of your backpacks, if you know it and trust it.",
    "not-connected": "Open the backpack from the list of your backpacks, and connect it.",
  },
  {
    "site-backpack": "Gehen Sie zurück zur Liste: Er wurde vielleicht inzwischen entfernt.",
    "own-backpack":
      "Gehen Sie zurück zur Liste Ihrer Backpacks. Vielleicht hat die Verwaltung ihn entfernt oder abgeschaltet.",
    "others-backpack":
      "Geben Sie seine Adresse in der Liste Ihrer Backpacks an, wenn Sie sie kennen und ihm vertrauen.",
    "not-connected":
      "Öffnen Sie den Backpack aus der Liste Ihrer Backpacks, und verbinden Sie ihn.",
  },
);
