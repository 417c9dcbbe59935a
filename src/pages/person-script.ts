// The script of the field that finds people while one types: a combobox with a list, as the ARIA APG describes it.
import { contentHash } from "./stylesheet.ts";

/**
 * An editable combobox with list autocomplete (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/):
 * arrows go through what was found, Enter and a click choose, Escape closes and then empties. What is
 * typed without choosing is sent as it is. How many were found is said.
 */
export const PERSON_SCRIPT = `const WAIT = 200;
for (const field of document.querySelectorAll("[data-people]")) {
  const input = field.querySelector("input[name=person]");
  const chosen = field.querySelector("input[type=hidden][name=user]");
  if (input && chosen) enhance(field, input, chosen);
}
function enhance(field, input, chosen) {
  const { people, none, one, many } = field.dataset;
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let active = -1;
  let asked = 0;
  let timer;
  list.id = input.id + "-list";
  list.className = "found-people";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector("label[for=" + input.id + "]").textContent);
  list.hidden = true;
  said.className = "unseen";
  said.setAttribute("role", "status");
  input.after(list, said);
  const set = (values) => Object.entries(values).forEach(([name, value]) => input.setAttribute(name, value));
  set({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id });
  const options = () => [...list.children];
  const open = (shown) => {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) mark(-1);
  };
  const mark = (at) => {
    active = at;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    const option = options()[at];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const choose = (option) => {
    input.value = option.dataset.label;
    chosen.value = option.dataset.id;
    open(false);
  };
  const show = (found) => {
    list.replaceChildren(
      ...found.map(({ id, name, email }, i) => {
        const option = document.createElement("li");
        const first = document.createElement("bdi");
        first.textContent = name ?? email ?? "";
        option.append(first);
        if (name && email) {
          const second = document.createElement("bdi");
          second.className = "soft";
          second.textContent = email;
          option.append(" ", second);
        }
        option.id = list.id + "-" + i;
        option.dataset.id = id;
        option.dataset.label = name && email ? name + " (" + email + ")" : (name ?? email ?? "");
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    const count = found.length;
    said.textContent = count === 0 ? (input.value.includes("@") ? field.dataset.new : none) : count === 1 ? one : many.replace("{count}", count);
    open(count > 0);
  };
  const look = async () => {
    const typed = input.value.trim();
    const turn = ++asked;
    if (typed.length < 2) return open(false);
    try {
      const answer = await fetch(people + "&q=" + encodeURIComponent(typed), { headers: { accept: "application/json" } });
      if (!answer.ok || turn !== asked || document.activeElement !== input) return;
      show(await answer.json());
    } catch {}
  };
  input.addEventListener("input", () => {
    chosen.value = "";
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return count > 0 ? open(true) : look();
      if (event.altKey) return open(false);
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active === -1 && step === -1 ? count - 1 : (active + step + count) % count);
    } else if (event.key === "Enter" && isOpen && active !== -1) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Escape") {
      if (isOpen) open(false);
      else {
        input.value = "";
        chosen.value = "";
      }
      event.preventDefault();
    }
  });
  input.addEventListener("blur", () => open(false));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}
`;

export const PERSON_SCRIPT_PATH = `/assets/person.${contentHash(PERSON_SCRIPT)}.js`;
