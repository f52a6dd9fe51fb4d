// Writes the table of Unicode's canonical forms that the app composes texts with, from the Unicode data of the Node that runs it:
//
//   node functions/build/canonical-forms.mjs > functions/app/Platform/Text/canonical-forms.txt
//
// First one line for each combining class: the class, then its characters. Classes are found by trying: of two marks, the one of the
// lower class comes first in a normalised text. Representatives of the classes never change: Unicode guarantees their stability.
// Then one line for each character that is made of others: the character, its one or two parts, and `!` if it is never composed.

const REPRESENTATIVES = {
  1: 0x334, 6: 0x16ff0, 7: 0x93c, 8: 0x3099, 9: 0x94d, 10: 0x5b0, 11: 0x5b1, 12: 0x5b2, 13: 0x5b3, 14: 0x5b4, 15: 0x5b5, 16: 0x5b6,
  17: 0x5b7, 18: 0x5b8, 19: 0x5b9, 20: 0x5bb, 21: 0x5bc, 22: 0x5bd, 23: 0x5bf, 24: 0x5c1, 25: 0x5c2, 26: 0xfb1e, 27: 0x64b, 28: 0x64c, 29: 0x64d,
  30: 0x64e, 31: 0x64f, 32: 0x650, 33: 0x651, 34: 0x652, 35: 0x670, 36: 0x711, 84: 0xc55, 91: 0xc56, 103: 0xe38, 107: 0xe48, 118: 0xeb8,
  122: 0xec8, 129: 0xf71, 130: 0xf72, 132: 0xf74, 202: 0x321, 214: 0x1dce, 216: 0x31b, 218: 0x302a, 220: 0x316, 222: 0x59a, 224: 0x302e,
  226: 0x1d16d, 228: 0x5ae, 230: 0x301, 232: 0x315, 233: 0x35c, 234: 0x35d, 240: 0x345,
};

const text = (...points) => String.fromCodePoint(...points);
const points = (string) => [...string].map((character) => character.codePointAt(0));
const hex = (point) => point.toString(16).toUpperCase();
const swaps = (first, second) => text(first, second).normalize("NFD") === text(second, first).normalize("NFD");

function classOf(mark) {
  if (!Object.values(REPRESENTATIVES).some((other) => other !== mark && swaps(mark, other))) return 0;
  for (const [value, other] of Object.entries(REPRESENTATIVES)) {
    if (mark === other || !swaps(mark, other)) return Number(value);
  }
  throw new Error(`U+${hex(mark)} is of no known class: the list above needs another representative.`);
}

const classes = new Map();
const made = [];
for (let point = 0; point <= 0x10ffff; point++) {
  if ((point >= 0xd800 && point <= 0xdfff) || (point >= 0xac00 && point <= 0xd7a3)) continue;
  const parts = points(text(point).normalize("NFD"));
  if (parts.length > 1 || parts[0] !== point) {
    const excluded = points(text(point).normalize("NFC"))[0] !== point || points(text(point).normalize("NFC")).length > 1;
    const first = points(text(...parts.slice(0, -1)).normalize("NFC"));
    const step = !excluded && first.length === 1 ? [first[0], parts.at(-1)] : parts;
    made.push([hex(point), ...step.map(hex), ...(excluded ? ["!"] : [])].join(" "));
    if (!excluded && first.length !== 1) throw new Error(`U+${hex(point)} is not made of two parts.`);
  } else if (/\p{M}/u.test(text(point))) {
    const value = classOf(point);
    if (value) classes.set(value, [...(classes.get(value) ?? []), point]);
  }
}

console.log(`# Unicode ${process.versions.unicode}, canonical composition. Made by functions/build/canonical-forms.mjs.`);
for (const [value, marks] of [...classes].sort(([a], [b]) => a - b)) console.log(`${value}: ${marks.map(hex).join(" ")}`);
for (const line of made) console.log(line);
