// Makes functions/app/Chat/Search/search-folds.txt: how search writes each character, so that case, accents and width do not matter.
//
//   node functions/build/search-folds.mjs > functions/app/Chat/Search/search-folds.txt
//
// The data are Unicode's as Node knows them. What is ours is the choice: marks go where people leave them out (Latin, Greek, Cyrillic,
// Arabic, Hebrew), and stay where they make another letter (Russian й, Japanese voicing marks, the vowels of Indic and Thai).

const stripped = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Armenian}]/u;

const special = {
  æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ŧ: 't', ı: 'i', ŋ: 'n', ĸ: 'k', й: 'й',
  // As people write Arabic and Persian on whatever keyboard they have.
  ة: 'ه', ى: 'ي', ی: 'ي', ې: 'ي', ک: 'ك', ہ: 'ه', ھ: 'ه', ە: 'ه', ۀ: 'ه', ۂ: 'ه', ۃ: 'ه',
  // Hindi: the two signs of nasal vowels.
  '\u0901': '\u0902',
};

const dropped = [
  [0xad, 0xad], [0x300, 0x36f], [0x483, 0x487], [0x591, 0x5bd], [0x5bf, 0x5bf], [0x5c1, 0x5c2], [0x5c4, 0x5c5], [0x5c7, 0x5c7],
  [0x610, 0x61a], [0x61c, 0x61c], [0x640, 0x640], [0x64b, 0x65f], [0x670, 0x670], [0x6d6, 0x6dc], [0x6df, 0x6e4], [0x6e7, 0x6e8],
  [0x6ea, 0x6ed], [0x8d3, 0x8e1], [0x8e3, 0x8ff], [0x93c, 0x93c], [0x1ab0, 0x1aff], [0x1dc0, 0x1dff], [0x200b, 0x200f],
  [0x202a, 0x202e], [0x2060, 0x2064], [0x2066, 0x2069], [0x20d0, 0x20ff], [0xfe00, 0xfe0f], [0xfe20, 0xfe2f], [0xfeff, 0xfeff],
];

function letter(c) {
  if (c in special) {
    return special[c];
  }

  // Greek and Cyrillic letters with marks of which the bare letter is special, and Arabic letters with a hamza, come apart here.
  const bare = stripped.test(c) ? c.normalize('NFD').replace(/\p{Mn}/gu, '') : c;
  return [...bare].map((part) => special[part] ?? part).join('');
}

function digit(code) {
  // Decimal digits come in tens, from 0 to 9.
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1)) && code - first < 9) {
    first--;
  }

  return code - first;
}

const zeros = new Set();
for (let code = 0x30; code < 0x20000; code++) {
  if (/\p{Nd}/u.test(String.fromCodePoint(code))) {
    zeros.add(code);
    code += 9;
  }
}

function fold(code) {
  if (dropped.some(([from, to]) => code >= from && code <= to)) {
    return '';
  }

  const c = String.fromCodePoint(code);
  if (/\p{Nd}/u.test(c)) {
    const zero = [...Array(10).keys()].map((back) => code - back).find((start) => zeros.has(start));
    return String(zero === undefined ? digit(code) : code - zero);
  }

  const plain = c.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return [...plain]
    .map(letter)
    .join('')
    .replace(/./gsu, (part) => (dropped.some(([from, to]) => part.codePointAt(0) >= from && part.codePointAt(0) <= to) ? '' : part));
}

const lines = [`# Unicode ${process.versions.unicode}: how search writes characters. Made by functions/build/search-folds.mjs.`];
for (let code = 0x80; code < 0x30000; code++) {
  const c = String.fromCodePoint(code);
  if ((code >= 0xac00 && code <= 0xd7a3) || (code >= 0xd800 && code <= 0xdfff) || /\p{Cn}|\p{Co}/u.test(c)) {
    continue;
  }

  const folded = fold(code);
  if (folded !== c && !/\s/.test(folded)) {
    lines.push(folded === '' ? code.toString(16) : `${code.toString(16)} ${folded}`);
  }
}

console.log(lines.join('\n'));
