// What forms and tables say whatever they are about.
import { area } from "./speak.tsx";

export const FORM_WORDS = area(
  {
    "not-kept": "This needs a change first",
    "next-page": "Next page",
    "first-page": "First page",
    pages: "Pages",
    "select-all": "Select all",
  },
  {
    "not-kept": "Das muss zuerst geändert werden",
    "next-page": "Nächste Seite",
    "first-page": "Erste Seite",
    pages: "Seiten",
    "select-all": "Alle auswählen",
  },
);
