// The script of a backpack's page while badges are on their way: looks again, so that nobody has to.
import { contentHash } from "./stylesheet.ts";

/**
 * Asks for the same page and puts its live part in the place of the one that is shown. Whoever is at
 * work in that part is left alone, and a page that nobody looks at asks for nothing. It ends when
 * nothing waits any more, or after some minutes without news; a link on the page does the same.
 */
export const WATCH_SCRIPT = `const live = () => document.querySelector("[data-live]");
const said = document.querySelector("[data-said]");
const FIRST = 1500;
const LAST = 60000;
let wait = FIRST;
const busy = () => document.hidden || live().contains(document.activeElement);
async function look() {
  if (live()?.dataset.live !== "waiting" || wait > LAST) return;
  wait *= 1.2;
  try {
    if (!busy()) await replace();
  } catch {}
  setTimeout(look, wait);
}
async function replace() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return (wait = LAST + 1);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh || busy() || fresh.outerHTML === live().outerHTML) return;
  live().replaceWith(fresh);
  said.textContent = fresh.querySelector(".verdict strong").textContent;
  wait = FIRST;
}
setTimeout(look, wait);
`;

export const WATCH_PATH = `/assets/watch.${contentHash(WATCH_SCRIPT)}.js`;
