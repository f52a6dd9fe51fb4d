import { bdi, h } from "./dom.js";

/** Addresses of the web, without the punctuation that ends a sentence. */
const LINK = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}]/giu;

/**
 * A text with links and mentions. Everything else stays text: nothing that a user writes can run.
 * @param mentions Login ids that are spoken to.
 * @param nameOf What to show for them.
 */
export function richText(text: string, mentions: readonly string[] = [], nameOf: (id: string) => string = (id) => id, self = ""): (Node | string)[] {
  const names = [...mentions].sort((a, b) => b.length - a.length).map((id) => `@${id}`);
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const { index, 0: address } of text.matchAll(LINK)) {
    parts.push(...mentioned(text.slice(end, index), names, nameOf, self));
    // "nofollow" and "noreferrer": whoever is there does not learn where the reader comes from.
    parts.push(h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, address));
    end = index + address.length;
  }
  parts.push(...mentioned(text.slice(end), names, nameOf, self));
  return parts;
}

function mentioned(text: string, names: string[], nameOf: (id: string) => string, self: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let rest = text;
  while (rest) {
    const found = names.map((name) => ({ name, at: rest.indexOf(name) })).filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at || b.name.length - a.name.length)[0];
    if (!found) break;
    const id = found.name.slice(1);
    parts.push(rest.slice(0, found.at), h("strong", { class: `mention${id === self || id === "all" ? " of-me" : ""}` }, "@", bdi(id === "all" ? "all" : nameOf(id))));
    rest = rest.slice(found.at + found.name.length);
  }
  return [...parts, rest];
}
