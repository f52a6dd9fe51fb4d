// A page with the events of the live channel, from the AsyncAPI document that the app makes and a test has accepted.
const typeOf = schema => {
  const types = [schema.type ?? []].flat();
  const list = types.includes("array") ? ` of ${typeOf(schema.items ?? {})}` : "";
  return (types.filter(type => type !== "null").map(type => (type === "array" ? "list" : type)).join(" or ") || "any") + list;
};

/** @param text The document. Empty where the tests are not there: then there is no page. */
export function eventPage(text) {
  if (!text) return [];
  const document = JSON.parse(text);
  const at = ref => ref.slice(2).split("/").reduce((node, key) => node[key], document);
  const parts = Object.values(document.components.messages).map(message => {
    const schema = message.payload.$ref ? at(message.payload.$ref) : message.payload;
    const rows = Object.entries(schema.properties ?? {}).map(([name, field]) =>
      `| \`${name}\` | ${typeOf(field)} | ${schema.required?.includes(name) ? "yes" : "no"} | ${field.description ?? ""} |`);
    const title = message.summary ? `${message.name}, sent by clients` : message.name;
    return `## ${title}\n\n${message.summary ? message.summary + "\n\n" : ""}| Field | Type | Always there | Meaning |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return [{
    name: "live-events", address: "live-events",
    source: `# Events of the live channel\n\nGenerated from the server's code, as \`GET /api/asyncapi.json\` (AsyncAPI 3.0). Who gets which event, and why none is lost: [The live channel](realtime.md).\n\n${parts.join("\n")}`,
  }];
}
