import { Accordion, Anchor, Badge, Box, Code, Group, SimpleGrid, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import type { User } from "../api";
import { useLoad } from "../hooks";
import { Empty, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";
import { operationsOf, type Auth, type Document, type Operation } from "../reference/openapi";
import type { Known } from "../reference/examples";
import type { Credentials } from "../reference/request";
import { SchemaView } from "../reference/SchemaView";
import { SignInAsUser } from "../reference/SignInAsUser";
import { TryOut } from "../reference/TryOut";

const colors: Record<string, string> = { GET: "blue", POST: "green", PUT: "orange", PATCH: "orange", DELETE: "red" };
const callers: Record<Auth, string> = {
  none: "Anybody may call this.", keys: "Called by your server, with the project's auth token.", user: "Called by your app, with the access token of a user.",
  server: "Called by your server, with an API key that has the scope.",
  portal: "Called by this portal, with your own session.",
};

async function load(): Promise<Document> {
  const response = await fetch("/api/openapi.json");
  if (!response.ok) throw new Error(`The server answered ${response.status}: try again.`);
  return await response.json() as Document;
}

export default function Reference() {
  const { project } = useProject();
  const document = useLoad("openapi", { load });
  const [search, setSearch] = useState("");
  const [credentials, setCredentials] = useState<Credentials>({ authToken: "", accessToken: "", apiKey: "", user: "", password: "" });
  const users = useLoad<{ users: User[] }>(`projects/${project.id}/users?size=5`);
  const names = users.data?.users.filter(user => !user.disabled).map(user => user.username) ?? [];
  const user = credentials.user || names[0] || "alice";
  const known = { projectId: project.id, user, other: names.find(name => name !== user) ?? "bob" };
  return (
    <Page title="API reference">
      <Text size="sm">Every endpoint of this server, to try with your own project. The same as <Anchor href="/api/openapi.json" target="_blank" underline="always" size="sm">OpenAPI 3.1 document</Anchor>, for generators of clients.</Text>
      <SignInAsUser projectId={project.id} credentials={credentials} onChange={setCredentials} />
      <TextInput aria-label="Search endpoints" placeholder="Search: path, name or summary" leftSection={<IconSearch size={16} />} value={search} onChange={event => setSearch(event.currentTarget.value)} maw={420} />
      <Loaded of={document}>{data => <Operations document={data} search={search.trim().toLowerCase()} known={known} credentials={credentials} />}</Loaded>
    </Page>
  );
}

interface PartProps { document: Document; known: Known; credentials: Credentials }

function Operations({ document, search, known, credentials }: PartProps & { search: string }) {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const open = hash.slice(1) || null;
  const tags = useMemo(() => operationsOf(document), [document]);
  const [all, setAll] = useState(false);
  // Few people call the portal's own endpoints, so they are hidden. A search or a link still finds them.
  const hidden = !all && !search && !tags.some(([tag, list]) => tag.startsWith("Portal") && list.some(o => o.id === open));
  const found = tags
    // Those are for whoever runs the server, with the master key: nothing that a customer could call.
    .filter(([tag]) => tag !== "Operators")
    .filter(([tag]) => !hidden || !tag.startsWith("Portal"))
    .map(([tag, list]) => [tag, list.filter(o => !search || `${o.method} ${o.path} ${o.id} ${o.summary}`.toLowerCase().includes(search))] as const)
    .filter(([, list]) => list.length > 0);
  // When the address names an operation, scrolls to it, once everything is there.
  useEffect(() => { if (open) window.document.getElementById(open)?.scrollIntoView({ block: "start" }); }, []); // eslint-disable-line
  if (found.length === 0) return <Empty>No endpoint matches.</Empty>;
  return (
    <Stack gap="xl">
      {found.map(([tag, list]) => (
        <Box key={tag} component="section" aria-label={tag}>
          <Title order={2} size="h4" mb="xs">{tag}</Title>
          <Accordion variant="contained" value={open} onChange={value => void navigate({ hash: value ?? "" }, { replace: true, preventScrollReset: true })} order={3}>
            {list.map(operation => (
              <Accordion.Item key={operation.id} value={operation.id} id={operation.id} style={{ scrollMarginTop: 76 }}>
                <Accordion.Control>
                  <Group gap="sm" wrap="nowrap" align="center">
                    <Badge variant="light" color={colors[operation.method] ?? "gray"} radius="sm" w={72} style={{ flexShrink: 0 }}>{operation.method}</Badge>
                    <Box style={{ minWidth: 0 }}><Text span ff="monospace" size="sm" style={{ overflowWrap: "anywhere" }}>{operation.path}</Text><Text size="xs" c="dimmed">{operation.summary}</Text></Box>
                  </Group>
                </Accordion.Control>
                <Accordion.Panel>{open === operation.id && <Details key={`${known.user} ${known.other}`} operation={operation} document={document} known={known} credentials={credentials} />}</Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </Box>
      ))}
      {!search && <Switch label="Show the portal's own endpoints as well" checked={!hidden} onChange={event => setAll(event.currentTarget.checked)} />}
    </Stack>
  );
}

function Details({ operation, document, known, credentials }: PartProps & { operation: Operation }) {
  return (
    <SimpleGrid cols={{ base: 1, xl: 2 }} spacing="xl">
      <Stack gap="sm" style={{ minWidth: 0 }}>
        <Text size="sm">{callers[operation.auth]}{operation.form && " The body is a form or JSON."}</Text>
        {operation.description && <Text size="sm" style={{ whiteSpace: "pre-line" }}>{operation.description}</Text>}
        {operation.body && <><Title order={4} size="h6">Body</Title><SchemaView schema={operation.body} document={document} markRequired /></>}
        <Title order={4} size="h6">Answer</Title>
        <SchemaView schema={operation.answer} document={document} />
        {operation.auth !== "keys" && <Text size="sm" c="dimmed">Failures are <Code>application/problem+json</Code> (RFC 9457) with a stable <Code>code</Code>.</Text>}
      </Stack>
      <Box style={{ minWidth: 0 }}><TryOut operation={operation} document={document} known={known} credentials={credentials} /></Box>
    </SimpleGrid>
  );
}
