// Markdown to HTML, with GitHub's anchors, and links that lead to the pages of the site.
import MarkdownIt from "markdown-it";
import anchor from "markdown-it-anchor";
import { posix } from "node:path";

/** The anchor that GitHub makes for a heading: the files are read there as well. */
const slugify = text => text.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");

const markdown = new MarkdownIt({ html: false, linkify: false }).use(anchor, { slugify, tabIndex: false });

// Wide tables and code scroll sideways by themselves, also by keyboard.
markdown.renderer.rules.table_open = () => '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>\n';
markdown.renderer.rules.table_close = () => "</table></div>\n";
const fence = markdown.renderer.rules.fence;
markdown.renderer.rules.fence = (...args) => fence(...args).replace("<pre>", '<pre tabindex="0">');
// A picture in a README may be missing here: its words are not.
markdown.renderer.rules.image = (tokens, i, options, env, self) => {
  const at = tokens[i].attrIndex("src");
  tokens[i].attrs[at][1] = posix.join("/docs", posix.dirname(env.name), tokens[i].attrs[at][1]);
  tokens[i].attrSet("alt", tokens[i].content);
  return self.renderToken(tokens, i, options);
};

/** Where a link of a file leads on the site; undefined when it leads to a file of the repository that is no page. */
function target(href, name, names) {
  if (/^[a-z]+:/i.test(href) || href.startsWith("#") || href.startsWith("/")) return href;
  const [path, hash] = href.split("#");
  const wanted = posix.normalize(posix.join("docs", posix.dirname(name), path));
  const page = wanted.startsWith("docs/") ? wanted.slice("docs/".length).replace(/\.md$/, "") : undefined;
  const found = page === undefined ? undefined : names.has(page) ? page : names.has(`${page.replace(/\/$/, "")}/README`) ? `${page.replace(/\/$/, "")}/README` : undefined;
  if (found !== undefined) {
    const address = found.replace(/(^|\/)README$/, "$1").replace(/\/$/, "");
    return `/docs/${address}${address && "/"}${hash ? "#" + hash : ""}`;
  }
  return page && /\.(png|svg|yaml|json)$/.test(page) ? `/docs/${page}` : undefined;
}

// A link to a file of the repository is only its text.
markdown.core.ruler.push("links", state => {
  for (const block of state.tokens.filter(token => token.type === "inline")) {
    const open = [];
    for (const token of block.children) {
      if (token.type === "link_open") {
        const to = target(token.attrGet("href"), state.env.name, state.env.names);
        if (to === undefined) Object.assign(token, { type: "html_inline", content: "", tag: "" });
        else token.attrSet("href", to);
        open.push(to);
      } else if (token.type === "link_close" && open.pop() === undefined) {
        Object.assign(token, { type: "html_inline", content: "", tag: "" });
      }
    }
  }
});

const textOf = token => token.children?.filter(child => child.type === "text" || child.type === "code_inline" || child.type === "softbreak")
  .map(child => (child.type === "softbreak" ? " " : child.content)).join("") ?? token.content;

/** @returns The page's title, its HTML, its headings, and its text by section. */
export function render({ name, source }, names) {
  const env = { name, names };
  const tokens = markdown.parse(source, env);
  const headings = [];
  const sections = [{ title: "", anchor: "", text: "" }];
  tokens.forEach((token, i) => {
    if (token.type === "heading_open") {
      const title = textOf(tokens[i + 1]);
      const level = Number(token.tag[1]);
      headings.push({ level, title, anchor: token.attrGet("id") });
      if (level > 1) sections.push({ title, anchor: token.attrGet("id"), text: "" });
    } else if (token.type === "inline" && tokens[i - 1]?.type !== "heading_open") {
      sections.at(-1).text += textOf(token) + "\n";
    } else if (token.type === "fence") {
      sections.at(-1).text += token.content + "\n";
    }
  });
  const title = headings.find(heading => heading.level === 1)?.title ?? name;
  sections[0].title = title;
  return { title, html: markdown.renderer.render(tokens, markdown.options, env), headings, sections, intro: introOf(tokens) };
}

/** The first sentence, for lists of pages. */
function introOf(tokens) {
  const first = tokens.findIndex(token => token.type === "paragraph_open");
  const text = first < 0 ? "" : textOf(tokens[first + 1]);
  return /^.*?[.:!?](?=\s|$)/.exec(text)?.[0] ?? text;
}
