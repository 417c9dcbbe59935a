// The script of a badge's page for its owner: copies a text, and keeps the verdict off the head of a printed page.
import { contentHash } from "./stylesheet.ts";

/**
 * Puts a button behind each field whose text can be copied; without it the text is selected by hand.
 * Browsers print a page's title above it, where "valid" would be read long after it was true.
 */
export const COPY_SCRIPT = `for (const field of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.className = "btn";
  button.textContent = field.dataset.copy;
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    said.textContent = field.dataset.copied;
  });
  field.after(button, said);
}
const { title } = document;
const printed = document.querySelector("[data-printed]")?.dataset.printed;
addEventListener("beforeprint", () => (document.title = printed ?? title));
addEventListener("afterprint", () => (document.title = title));
`;

export const COPY_PATH = `/assets/copy.${contentHash(COPY_SCRIPT)}.js`;
