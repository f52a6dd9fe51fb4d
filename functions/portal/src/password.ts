/**
 * The server's rule for new passwords (DeveloperInput.NewPassword), word for word: what is shown here is what the server says. A test
 * compares the two.
 */
export const minPassword = 10;
const common = [
  "password", "passwort", "qwerty", "qwertz", "letmein", "welcome", "iloveyou", "admin", "12345", "abc123", "1q2w3e", "monkey", "dragon", "secret",
  "football",
];

/** @param own Names and the e-mail address of the person. @returns What is wrong with a password; undefined when it is accepted. */
export function weakness(password: string, ...own: string[]): string | undefined {
  if (password.length < minPassword) return `Use at least ${minPassword} characters.`;
  if (new Set(password.split("")).size < 6) return "Use more different characters.";
  // The password has to be strong without the common words and names in it.
  const words = [...common, ...own.flatMap(text => text.split(/[ @.]/)).filter(part => part.length >= 4)];
  const rest = words.reduce((left, word) => without(left, word), password);
  return rest.length >= 6 ? undefined : "It is made of a common word, your name or your e-mail address.";
}

/** The server's words for it. */
export const passwordError = (password: string, ...own: string[]) => {
  const weak = weakness(password, ...own);
  return weak ? `This password is too easy to guess. ${weak}` : null;
};

function without(text: string, word: string): string {
  const lower = word.toLowerCase();
  let rest = "";
  for (let at = 0; at < text.length;) {
    if (text.slice(at, at + word.length).toLowerCase() === lower) at += word.length;
    else rest += text[at++];
  }
  return rest;
}
