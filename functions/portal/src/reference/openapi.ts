/** What the reference page reads of an OpenAPI 3.1 document. */
export interface Schema {
  $ref?: string; type?: string | string[]; properties?: Record<string, Schema>; required?: string[]; items?: Schema; enum?: unknown[];
  anyOf?: Schema[]; description?: string; format?: string; additionalProperties?: Schema | boolean;
}
export interface Parameter { name: string; in: "path" | "query" | "header"; required: boolean; description?: string }
interface Content { [type: string]: { schema?: Schema; example?: unknown } }
export interface RawOperation {
  operationId: string; tags: string[]; summary: string; description?: string; parameters?: Parameter[]; requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>; security?: Record<string, unknown>[];
}
export interface Document { paths: Record<string, Record<string, RawOperation>>; components: { schemas: Record<string, Schema> } }

/** How a call proves who makes it. */
export type Auth = "none" | "keys" | "user" | "server" | "portal";

export interface Operation {
  id: string; method: string; path: string; tag: string; summary: string; description?: string; auth: Auth; parameters: Parameter[];
  /** Fields of a body that may be a form. */
  form?: Parameter[];
  /** Schema of a body that is JSON only. */
  body?: Schema;
  /** Such a body, to start from. */
  example?: unknown;
  answer?: Schema;
  failure?: Schema;
}

/** The vendor's endpoints take the project's keys among their parameters or fields. */
const authOf = (raw: RawOperation, names: string[]): Auth =>
  raw.security?.some(scheme => "accessToken" in scheme) ? "user"
    : raw.security?.some(scheme => "apiKey" in scheme) ? "server"
    : raw.security?.some(scheme => "portalSession" in scheme) ? "portal"
    : names.includes("authtoken") ? "keys" : "none";

const jsonOf = (content?: Content) => content?.["application/json"]?.schema ?? content?.["application/problem+json"]?.schema;

function operationOf(path: string, method: string, raw: RawOperation): Operation {
  const form = raw.requestBody?.content["application/x-www-form-urlencoded"]?.schema;
  const fields = form && Object.keys(form.properties ?? {}).map(name => ({ name, in: "query" as const, required: !!form.required?.includes(name), description: form.properties![name].description }));
  const parameters = raw.parameters ?? [];
  const success = Object.keys(raw.responses).find(status => status.startsWith("2"));
  return {
    id: raw.operationId, method: method.toUpperCase(), path, tag: raw.tags[0] ?? "Other", summary: raw.summary, description: raw.description, parameters, form: fields,
    auth: authOf(raw, [...parameters, ...(fields ?? [])].map(p => p.name)),
    body: form ? undefined : jsonOf(raw.requestBody?.content),
    example: raw.requestBody?.content["application/json"]?.example,
    answer: success ? jsonOf(raw.responses[success].content) : undefined,
    failure: jsonOf(raw.responses.default?.content),
  };
}

/** The order of the tags. The portal's own endpoints come last, because few people call them. */
const rank = (tag: string) => (tag === "Users" ? 0 : tag === "Chat" ? 1 : tag.startsWith("Portal") ? 4 : /^(Health|Documentation)$/.test(tag) ? 3 : 2);

/** All operations, grouped by their tag. */
export function operationsOf(document: Document): [tag: string, operations: Operation[]][] {
  const tags = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, raw] of Object.entries(methods)) {
      const operation = operationOf(path, method, raw);
      tags.set(operation.tag, [...(tags.get(operation.tag) ?? []), operation]);
    }
  return [...tags].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

export function resolve(schema: Schema | undefined, document: Document): Schema {
  const name = schema?.$ref?.startsWith("#/components/schemas/") ? schema.$ref.slice("#/components/schemas/".length) : undefined;
  return (name ? document.components.schemas[name] : schema) ?? {};
}

export const typesOf = (schema: Schema) => [schema.type ?? []].flat().filter(type => type !== "null");

export function typeText(schema: Schema, document: Document): string {
  const found = resolve(schema, document);
  if (found.enum) return found.enum.filter(value => value !== null).map(value => JSON.stringify(value)).join(" | ");
  const types = typesOf(found);
  if (types.includes("array")) return `list of ${typeText(found.items ?? {}, document)}`;
  return (types.includes("integer") ? "integer" : types.includes("number") ? "number" : types.join(" or ") || "anything") + (found.format ? ` (${found.format})` : "");
}

/** An example of a body, to start from. */
export function exampleOf(schema: Schema | undefined, document: Document, known: Record<string, string>, depth = 0): unknown {
  const found = resolve(schema, document);
  const types = typesOf(found);
  if (found.enum) return found.enum[0];
  if (types.includes("object") || found.properties)
    return depth > 4 ? {} : Object.fromEntries(Object.entries(found.properties ?? {}).map(([name, part]) => [name, known[name] ?? exampleOf(part, document, known, depth + 1)]));
  if (types.includes("array")) return depth > 4 ? [] : [exampleOf(found.items, document, known, depth + 1)];
  if (types.includes("integer") || types.includes("number")) return 0;
  if (types.includes("boolean")) return false;
  return types.includes("string") ? "" : null;
}
