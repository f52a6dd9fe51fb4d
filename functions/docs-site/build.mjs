// Makes the pages of docs/ in dist/, which become wwwroot/docs/ of the function app. Once, when builds run in parallel.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import MiniSearch from "minisearch";
import { isNewer, once } from "../build/once.mjs";
import { compress } from "../web-sdk/build/compress.mjs";
import { errorPages, withLinks } from "./errors.mjs";
import { eventPage } from "./events.mjs";
import { llmsText } from "./llms.mjs";
import { groups, layout } from "./layout.mjs";
import { render } from "./markdown.mjs";
import { SEARCHED } from "./assets/fields.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const repository = join(folder, "..", "..");
const docs = join(repository, "docs");
const catalogue = join(repository, "functions", "app", "Platform", "ErrorCatalogue", "Errors.cs");
const asyncApi = join(repository, "tests", "Vox.UnitTests", "Contracts", "asyncapi.json");
const stamp = join(folder, "dist", ".built");

const filesOf = path => readdirSync(path, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile()).map(entry => join(entry.parentPath ?? entry.path, entry.name));
const sources = () => [
  catalogue, ...[asyncApi].filter(existsSync), ...filesOf(docs), ...filesOf(join(folder, "assets")),
  ...readdirSync(folder).filter(name => /\.(mjs|json)$/.test(name)).map(name => join(folder, name)),
];

/** A page of the site: `address` is below /docs/, "" is the first page. `source` is the Markdown, for programs that read. */
function pages() {
  const own = filesOf(docs).filter(file => file.endsWith(".md")).map(file => {
    const name = relative(docs, file).replaceAll("\\", "/").replace(/\.md$/, "");
    return { name, address: name.replace(/(^|\/)README$/, "$1").replace(/\/$/, ""), source: readFileSync(file, "utf8") };
  });
  const errors = own.find(page => page.name === "errors");
  const made = errorPages(readFileSync(catalogue, "utf8"), errors.source);
  errors.source = withLinks(readFileSync(catalogue, "utf8"), errors.source);
  return [...own, ...made, ...eventPage(existsSync(asyncApi) ? readFileSync(asyncApi, "utf8") : "")];
}

await once(join(folder, "obj", "build.lock"), () => isNewer(stamp, sources()), async () => {
  const begun = new Date();
  // Built beside the old output, so that after a failure nothing is half done, and nobody reads half of it meanwhile.
  const fresh = join(folder, "obj", "dist");
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const write = (path, text) => {
    mkdirSync(dirname(join(fresh, path)), { recursive: true });
    writeFileSync(join(fresh, path), text);
  };

  const all = pages();
  const names = new Set(all.map(page => page.name));
  const made = all.map(page => ({ ...page, ...render(page, names) }));
  for (const page of made) {
    write(join(page.address, "index.html"), layout(page, made));
  }
  write("index.html", layout({ name: "", address: "", title: "Documentation", html: groups(made), headings: [] }, made));
  write("llms.txt", llmsText(made));

  // One entry for each section: a hit leads to the place, not to the top of a long page.
  const search = new MiniSearch(SEARCHED);
  search.addAll(made.flatMap(page => page.sections.map((section, i) => ({
    id: `${page.address}#${i}`, page: page.title, title: section.title, text: section.text, address: `/docs/${page.address}${page.address && "/"}${section.anchor && "#"}${section.anchor}`,
  }))));
  write("search.json", JSON.stringify(search));
  cpSync(join(folder, "assets"), join(fresh, "assets"), { recursive: true });
  cpSync(join(folder, "node_modules", "minisearch", "dist", "es", "index.js"), join(fresh, "assets", "minisearch.mjs"));
  for (const file of filesOf(docs).filter(file => /\.(png|svg|yaml|json)$/.test(file))) cpSync(file, join(fresh, relative(docs, file)));

  // A first start waits for this. Quality 11 would make the index a tenth smaller and take three seconds more.
  await compress(fresh, 7);
  // The sources, for programs: they are small, and seldom asked for.
  for (const page of made) write(`${page.name}.md`, page.source);
  // The time is that of the begin: files that are changed during the build have to be newer than the stamp.
  writeFileSync(join(fresh, ".built"), begun.toISOString());
  utimesSync(join(fresh, ".built"), begun, begun);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(folder, "dist"));
});
