// The frame around each page, and the first page.
const escape = text => text.replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const link = ({ address }) => `/docs/${address}${address && "/"}`;

/** The pages by what they are for. A page that is named nowhere comes last under the first heading. */
const order = [
  ["Build with it", [
    ["api", "Every endpoint, field, limit and setting."], ["server-api", "The API for your own servers: keys, users, tokens, messages."],
    ["sdk", "The web SDK: methods, events, behaviour."], ["realtime", "The live channel, and why no message is lost."], ["live-events", "Each event of the live channel with all its fields."],
    ["from-the-guide", "The names of the vendor's guide, and ours."], ["errors", "Each error code: why it comes, and what to do."],
  ]],
  ["Run it", [
    ["operations", "Deploy it to Azure, keep it running, and fix it."], ["settings", "Real accounts, builds, Core Tools, timers."],
    ["costs", "What it costs on Azure."], ["performance", "Resource use and speed; the benchmarks."],
  ]],
  ["Trust it", [
    ["reliability", "What the platform promises when something breaks."], ["privacy", "What is stored where and for how long; export, erasure, legal holds."],
  ]],
  ["Why it is so", [["decisions/README", "One page for each decision that costs something."]]],
];
const intros = new Map(order.flatMap(([, list]) => list));
export const introOf = page => intros.get(page.name) ?? page.intro;

function grouped(pages) {
  const rest = pages.filter(page => !intros.has(page.name) && !page.name.includes("/")).sort((a, b) => a.title.localeCompare(b.title));
  return order.map(([title, list], i) => [title, [...list.map(([name]) => pages.find(page => page.name === name)).filter(Boolean), ...(i === 0 ? rest : [])]]);
}

/** The content of the first page. */
export const groups = pages => `<h1>Documentation</h1>
<p>VoxFunctions is a serverless chat platform. Your project is in the <a href="/portal/">developer portal</a>, and a chat to try in the <a href="/demo/">demo</a>.
Programs read <a href="/api/openapi.json">the API as OpenAPI</a>, <a href="/api/asyncapi.json">the live channel as AsyncAPI</a> and <a href="/docs/llms.txt">llms.txt</a>.</p>
${grouped(pages).map(([title, list]) => `<section><h2>${title}</h2><ul class="list">${list.map(page =>
    `<li><a href="${link(page)}">${escape(page.title)}</a><span>${escape(introOf(page))}</span></li>`).join("")}</ul></section>`).join("\n")}`;

const navigation = (pages, current) => grouped(pages).map(([title, list]) => `<p>${title}</p><ul>${list.map(page =>
  `<li><a href="${link(page)}"${page.name === current ? ' aria-current="page"' : ""}>${escape(page.title)}</a></li>`).join("")}</ul>`).join("");

const contents = headings => {
  const shown = headings.filter(heading => heading.level === 2 || heading.level === 3);
  return shown.length < 3 ? "" : `<nav class="contents" aria-label="On this page"><p>On this page</p><ul>${shown.map(heading =>
    `<li class="level${heading.level}"><a href="#${heading.anchor}">${escape(heading.title)}</a></li>`).join("")}</ul></nav>`;
};

export const layout = (page, pages) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(page.title)} · Vox</title>
<link rel="stylesheet" href="/docs/assets/docs.css">
<link rel="icon" href="/portal/icon.svg" type="image/svg+xml">
<script type="module" src="/docs/assets/docs.mjs"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="brand" href="/docs/">Vox <span>Docs</span></a>
<div class="search" role="search"><input type="search" id="search" aria-label="Search the documentation" placeholder="Search" autocomplete="off" aria-controls="found"><div id="found" hidden></div></div>
<nav aria-label="Site"><a href="/portal/">Portal</a><a href="/demo/">Demo</a></nav>
</header>
<div class="frame">
<details class="menu" open><summary>All pages</summary><nav aria-label="Documentation">${navigation(pages, page.name)}</nav></details>
<main id="main" tabindex="-1">
${page.html}
</main>
${contents(page.headings)}
</div>
</body>
</html>
`;
