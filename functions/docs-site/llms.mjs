import { introOf } from "./layout.mjs";

// llms.txt (llmstxt.org): the pages for programs that read, each as Markdown.
export const llmsText = pages => `# VoxFunctions

> A serverless chat platform: projects create users over REST, and send messages over REST or from web clients. Each message arrives live and is in the history.

The API is described at /api/openapi.json (OpenAPI 3.1), the live channel at /api/asyncapi.json (AsyncAPI 3.0). Every error has a page at /docs/errors/CODE/.

## Docs

${pages.filter(page => !page.name.includes("/")).map(page => `- [${page.title}](/docs/${page.name}.md): ${introOf(page)}`).join("\n")}

## Optional

${pages.filter(page => page.name.startsWith("decisions/")).map(page => `- [${page.title}](/docs/${page.name}.md)`).join("\n")}
`;
