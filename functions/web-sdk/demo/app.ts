import { loadConfig } from "./config.js";
import { h, icon, iconButton } from "./dom.js";
import { Pane } from "./Pane.js";

/** Side by side from this width on, when there are users to choose from. Pixels. */
const WIDE = 1_100;
const THEME = "vox.demo.theme";

const config = await loadConfig();
const panes: Pane[] = [];
const stage = h("div", { class: "stage" });

const toggle = h("button", { type: "button", class: "quiet", click: () => (panes.length > 1 ? remove() : add()) });

function add(): void {
  const pane = new Pane(config, panes.length);
  panes.push(pane);
  stage.append(pane.element);
  arrangeStage();
}

function remove(): void {
  panes.pop()?.close();
  arrangeStage();
}

function arrangeStage(): void {
  stage.dataset["panes"] = String(panes.length);
  toggle.replaceChildren(icon(panes.length > 1 ? "close" : "plus", 16), panes.length > 1 ? "One user" : "Second user");
  sessionStorage.setItem("vox.demo.panes", String(panes.length));
}

function setTheme(theme: string | null): void {
  if (theme) document.documentElement.dataset["theme"] = theme;
}

function switchTheme(): void {
  const dark = document.documentElement.dataset["theme"] ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const next = dark === "dark" ? "light" : "dark";
  localStorage.setItem(THEME, next);
  setTheme(next);
}

setTheme(localStorage.getItem(THEME));
document.body.append(
  h("header", { class: "top" },
    h("span", { class: "brand" }, h("span", { class: "mark" }, icon("chat", 18)), h("h1", {}, "Vox Chat"), h("span", { class: "tag" }, "Demo")),
    h("span", { class: "top-actions" }, toggle, iconButton("sun", "Light or dark", switchTheme))),
  stage);
const kept = Number(sessionStorage.getItem("vox.demo.panes"));
const wanted = kept || (config.users.length > 1 && innerWidth >= WIDE ? 2 : 1);
for (let i = 0; i < wanted; i++) add();
