// A page for each code of the error catalogue: what happened, why, what to do.

/** The entries of Errors.cs: what the server answers is what stands here. */
const entries = catalogue => [...catalogue.matchAll(/new\(\s*"([a-z_0-9]+)",\s*(\d{3}),\s*"((?:[^"\\]|\\.)*)"(,\s*Retryable: true)?\)/g)]
  .map(([, code, status, title, retryable]) => ({ code, status, title: title.replaceAll('\\"', '"'), retryable: !!retryable }));

/** What stands under the heading of a code in docs/errors.md. */
const sectionOf = (text, code) => new RegExp(`^## ${code}\\n+([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, "m").exec(text)?.[1].trim() ?? "";

/** The page of all errors, each with a link to its own page. */
export const withLinks = (catalogue, texts) => entries(catalogue).reduce(
  (text, { code }) => text.replace(new RegExp(`^## ${code}\\n`, "m"), `## ${code}\n\n[A page of its own](errors/${code}.md)\n`), texts);

export const errorPages = (catalogue, texts) => entries(catalogue).map(({ code, status, title, retryable }) => ({
  name: `errors/${code}`, address: `errors/${code}`,
  source: `# ${code}

**What happened:** ${title} The HTTP status is ${status}.

${sectionOf(texts, code)}

**Again:** ${retryable
    ? "the same request may succeed later. The header `Retry-After` says after how many seconds."
    : "the same request fails again, until something is changed."}

In answers, this is \`"code": "${code}"\` and \`"type": "urn:vox:error:${code}"\`. \`detail\` says more about the single case, and \`field\` names the field at fault.
See [all errors](../errors.md).
`,
}));
