// The script of the pages where badges are made and awards are managed: a preview while choosing, and a count of what is selected.
import { contentHash } from "./stylesheet.ts";

/**
 * Asks for the preview anew, shortly after something of the picture is chosen; a button of the form
 * does the same. Counts the boxes that are ticked in a table, and adds one that ticks them all. Looks
 * again while people are counted.
 */
export const BADGE_DESK_SCRIPT = `const editor = document.querySelector("form.editor");
const shown = document.querySelector("[data-art-preview]");
if (editor && shown) {
  const NAMES = ["name", "category", "picture", "shape", "icon", "colouring", "colour"];
  let waiting;
  let last = "";
  const look = async () => {
    const given = new FormData(editor);
    const query = new URLSearchParams(NAMES.map((name) => [name, given.get(name) ?? ""]));
    if (String(query) === last) return;
    last = String(query);
    const answer = await fetch("/admin/badges/art?" + query, { headers: { accept: "text/html" } });
    if (answer.ok && !answer.redirected && last === String(query)) {
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      shown.replaceChildren(...made.body.childNodes);
    }
  };
  editor.addEventListener("input", ({ target }) => {
    if (!NAMES.includes(target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => look().catch(() => {}), 300);
  });
}
const bar = document.querySelector("[data-bulk]");
if (bar) {
  const boxes = [...document.querySelectorAll("input[name=award]")];
  const said = bar.querySelector("[data-selected]");
  const all = bar.querySelector("[data-all]");
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    said.textContent = count === 0 ? said.dataset.none : (count === 1 ? said.dataset.one : said.dataset.many.replace("#", count));
    all.querySelector("input").checked = count === boxes.length;
  };
  all.hidden = false;
  all.addEventListener("change", ({ target }) => {
    for (const box of boxes) box.checked = target.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}
const counting = () => document.querySelector("[data-counting]");
let wait = 600;
async function watch() {
  if (!counting() || wait > 20000) return;
  wait *= 1.4;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-count]");
    if (answer.ok && fresh && !fresh.matches("[data-counting]")) {
      counting().removeAttribute("data-counting");
      document.querySelector("[data-count]").replaceChildren(...fresh.childNodes);
    }
  } catch {}
  setTimeout(watch, wait);
}
setTimeout(watch, wait);
`;

export const BADGE_DESK_PATH = `/assets/badge-desk.${contentHash(BADGE_DESK_SCRIPT)}.js`;
