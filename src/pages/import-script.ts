// The script of an import's page while it is at work: looks again, and says how far it is every tenth.
import { contentHash } from "./stylesheet.ts";

/**
 * Asks for the same page and puts its part about the job in the place of the one that is shown.
 * Whoever has the focus in it keeps it, and sees the bar go on. The live region is written every ten
 * per cent, and at the end. A page that nobody looks at asks for nothing.
 */
export const IMPORT_SCRIPT = `const job = () => document.querySelector("[data-import]");
const said = document.querySelector("[data-said]");
const EVERY = 1500;
const tenth = (part) => Math.floor(Number(part.dataset.percent) / 10);
let last = tenth(job());
const isOpen = () => job().dataset.import === "open";
async function look() {
  if (!isOpen()) return;
  try {
    if (!document.hidden) await replace();
  } catch {}
  setTimeout(look, EVERY);
}
async function replace() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-import]");
  if (!fresh) return;
  const ended = fresh.dataset.import !== "open";
  if (tenth(fresh) !== last || ended) said.textContent = fresh.dataset.words;
  last = tenth(fresh);
  if (!ended && job().contains(document.activeElement)) {
    const bar = fresh.querySelector("progress");
    job().querySelector("progress").value = bar.value;
    job().querySelector(".progress-of").textContent = fresh.querySelector(".progress-of").textContent;
    return;
  }
  const had = job().contains(document.activeElement);
  job().replaceWith(fresh);
  if (had) job().querySelector("h2")?.focus();
}
setTimeout(look, EVERY);
`;

export const IMPORT_SCRIPT_PATH = `/assets/import.${contentHash(IMPORT_SCRIPT)}.js`;
