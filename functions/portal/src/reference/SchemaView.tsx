import { Code, Table, Text } from "@mantine/core";
import { resolve, typeText, typesOf, type Document, type Schema } from "./openapi";

interface Row { path: string; type: string; required: boolean; meaning?: string }

/** The fields of an object. Fields of objects inside it have a path as their name. */
function rowsOf(schema: Schema, document: Document, prefix = "", depth = 0): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const found = resolve(part, document);
    const path = prefix + name;
    const inner = typesOf(found).includes("array") ? resolve(found.items, document) : found;
    const deeper = inner.properties && depth < 3 ? rowsOf(inner, document, path + (inner === found ? "." : "[]."), depth + 1) : [];
    return [{ path, type: typeText(part, document), required: !!schema.required?.includes(name), meaning: part.description ?? found.description }, ...deeper];
  });
}

export function SchemaView({ schema, document, markRequired }: { schema?: Schema; document: Document; markRequired?: boolean }) {
  const found = resolve(schema, document);
  const list = typesOf(found).includes("array");
  const rows = rowsOf(list ? resolve(found.items, document) : found, document);
  if (rows.length === 0) return <Text size="sm" c="dimmed">{schema ? "A file, or whatever the summary says." : "Nothing (204)."}</Text>;
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table verticalSpacing={4} withRowBorders={false}>
        <Table.Thead><Table.Tr><Table.Th>{list ? "Field of each" : "Field"}</Table.Th><Table.Th>Type</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={row.path}><Table.Td><Code>{row.path}</Code>{markRequired && row.required && <Text span size="xs" c="dimmed"> required</Text>}</Table.Td><Table.Td><Text size="sm">{row.type}</Text>{row.meaning && <Text size="xs" c="dimmed">{row.meaning}</Text>}</Table.Td></Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
