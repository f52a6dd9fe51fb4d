// The search, and the list of pages on phones. Without JavaScript everything else works.
import { SEARCHED } from "./fields.mjs";

const input = document.getElementById("search");
const found = document.getElementById("found");
const menu = document.querySelector("details.menu");
if (matchMedia("(max-width: 60em)").matches) menu.open = false;

let loading;
/** The index is fetched when somebody searches: it is larger than any page. */
const index = () => (loading ??= (async () => {
  const [{ default: MiniSearch }, answer] = await Promise.all([import("./minisearch.mjs"), fetch("/docs/search.json")]);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return MiniSearch.loadJSON(await answer.text(), SEARCHED);
})());

let turn = 0;
async function search() {
  const mine = ++turn;
  const text = input.value.trim();
  if (!text) return show();
  try {
    const hits = (await index()).search(text).slice(0, 12);
    if (mine === turn) show(hits);
  } catch {
    loading = undefined;
    if (mine === turn) show([], "The search could not be loaded. Check your connection and type again.");
  }
}

function show(hits, message = "Nothing was found.") {
  found.replaceChildren();
  found.hidden = !hits;
  if (!hits) return;
  for (const hit of hits) {
    const link = document.createElement("a");
    link.href = hit.address;
    link.append(Object.assign(document.createElement("b"), { textContent: hit.title }), Object.assign(document.createElement("span"), { textContent: hit.title === hit.page ? "" : hit.page }));
    found.append(link);
  }
  const status = Object.assign(document.createElement("p"), { textContent: hits.length ? `${hits.length} places` : message });
  status.setAttribute("role", "status");
  found.append(status);
}

input.addEventListener("focus", () => void index().catch(() => { loading = undefined; }), { once: true });
input.addEventListener("input", () => void search());
const places = () => [input, ...found.querySelectorAll("a")];
document.querySelector(".search").addEventListener("keydown", event => {
  const at = places().indexOf(document.activeElement);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    places()[Math.max(0, Math.min(places().length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
  } else if (event.key === "Enter" && document.activeElement === input) {
    found.querySelector("a")?.click();
  } else if (event.key === "Escape") {
    input.value = "";
    show();
    input.focus();
  }
});
// A link to a place on the same page closes the list.
found.addEventListener("click", () => show());
document.addEventListener("keydown", event => {
  if ((event.key === "/" || (event.key === "k" && (event.ctrlKey || event.metaKey))) && document.activeElement !== input) {
    event.preventDefault();
    input.focus();
  }
});
