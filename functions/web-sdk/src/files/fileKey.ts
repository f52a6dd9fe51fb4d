import { randomId } from "../base/ids.js";

const MAX_NAME = 100;
const MAX_EXTENSION = 12;

/** The key of a new file: 15 random letters and digits, `_`, and the harmless part of its name. The server does the same (docs/api.md). */
export function newKey(name: string): string {
  return `${randomId(15)}_${sanitise(name)}`;
}

/** Letters, marks and digits of any script, blanks and `. - _`; no dots or blanks at the ends; at most 100 UTF-16 units, the extension kept. */
export function sanitise(name: string): string {
  let clean = name.normalize("NFC").replace(/[^\p{L}\p{Nd}\p{Mn}\p{Mc}. _-]/gu, "_").replace(/^[. ]+/, "");
  if (clean.length > MAX_NAME) {
    const dot = clean.lastIndexOf(".");
    const extension = dot > 0 && clean.length - dot <= MAX_EXTENSION ? clean.slice(dot) : "";
    clean = clean.slice(0, MAX_NAME - extension.length).replace(/[\uD800-\uDBFF]$/, "") + extension;
  }
  return clean.replace(/[. ]+$/, "") || "file";
}

/**
 * Whether a text can only be a key of the project's own files. An address of another server is not loaded: it would tell the sender where the
 * reader is. A path could lead out of the files.
 */
export function isKey(text: string): boolean {
  return text.length <= 512 && !/^$|^\.|[/\\:%?#<>"'`\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}
