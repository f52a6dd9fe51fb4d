// Writes functions/app/Chat/Moderation/Words/look-alikes.txt: which letters word lists take for the same, from Node's Unicode data and the lists below.
// Usage: node functions/build/look-alikes.mjs
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const target = join(dirname(fileURLToPath(import.meta.url)), "..", "app", "Chat", "Moderation", "Words", "look-alikes.txt");

/** Small letters that look like others, in one of their two cases. */
const alike = {
  // Cyrillic
  а: "a", в: "b", е: "e", ѕ: "s", і: "i", ј: "j", к: "k", м: "m", н: "h", о: "o", р: "p", с: "c", т: "t", у: "y", х: "x", һ: "h", ԁ: "d", ԛ: "q", ԝ: "w", ӏ: "l", ү: "y", ґ: "г",
  // Greek
  α: "a", β: "b", ε: "e", ζ: "z", η: "h", ι: "i", κ: "k", μ: "m", ν: "v", ο: "o", ρ: "p", τ: "t", υ: "y", χ: "x", γ: "y", ω: "w", ϲ: "c", ϳ: "j",
  // Armenian
  օ: "o", հ: "h", ս: "u", ո: "n", ց: "g", զ: "q",
  // Latin, and the small capitals of phonetics
  ı: "i", ł: "l", ø: "o", đ: "d", ħ: "h", ŧ: "t", ɑ: "a", ɡ: "g", ß: "ss", æ: "ae", œ: "oe", ƒ: "f", ɩ: "i", ʏ: "y", ɨ: "i", ɵ: "o", ƅ: "b", ƨ: "s", ƽ: "s", ȼ: "c", ɇ: "e", ɍ: "r", þ: "p", ð: "d", ŋ: "n",
  ᴀ: "a", ʙ: "b", ᴄ: "c", ᴅ: "d", ᴇ: "e", ꜰ: "f", ɢ: "g", ʜ: "h", ɪ: "i", ᴊ: "j", ᴋ: "k", ʟ: "l", ᴍ: "m", ɴ: "n", ᴏ: "o", ᴘ: "p", ꞯ: "q", ʀ: "r", ꜱ: "s", ᴛ: "t", ᴜ: "u", ᴠ: "v", ᴡ: "w", ᴢ: "z",
  // Digits and signs that are written for letters
  0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t", 8: "b", "@": "a", $: "s", "!": "i", "€": "e", "¡": "i",
  // One sign for several that look the same
  "’": "'", "‘": "'", "`": "'", "´": "'", ʼ: "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
};

/** Marks that stand above, below or in other letters and do not make another word of it. Signs of vowels in Indic scripts do, and stay. */
const dropped = /[\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]/u;
const ignored = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\u2800/u;
/** Decomposed, they would lose what tells them apart. */
const whole = /[\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

const one = (character) => {
  if (ignored.test(character) || dropped.test(character)) return "";
  const small = character.normalize("NFKC").toLowerCase().normalize("NFKC");
  return [...small].map((part) => {
    if (ignored.test(part) || dropped.test(part)) return "";
    const bare = whole.test(part) ? part : [...part.normalize("NFD")].filter((piece) => !dropped.test(piece)).join("").normalize("NFC");
    return [...bare].map((piece) => alike[piece] ?? piece).join("");
  }).join("");
};

const lines = ["# Made by functions/build/look-alikes.mjs: a character (hexadecimal), and what word lists take it for; nothing for one that does not count."];
// Letters in circles and squares have no forms in Unicode's data.
const circled = new Map();
for (const first of [0x1f150, 0x1f170]) for (let i = 0; i < 26; i++) circled.set(first + i, String.fromCharCode(97 + i));
for (let code = 0; code <= 0x1ffff; code++) {
  if (code >= 0xd800 && code <= 0xdfff) continue;
  const character = String.fromCodePoint(code);
  if (/\p{Cn}|\p{Co}|\p{White_Space}/u.test(character) && !ignored.test(character)) continue;
  // A simple lower case is what the runtime does by itself.
  const folded = circled.get(code) ?? one(character);
  const lower = character.toLowerCase();
  if (folded !== ([...lower].length === 1 ? lower : character) && !/\s/u.test(folded)) lines.push(folded ? `${code.toString(16)} ${folded}` : code.toString(16));
}
writeFileSync(target, lines.join("\n") + "\n");
console.log(lines.length, "lines");
