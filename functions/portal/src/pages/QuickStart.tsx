import { Anchor, Button, Code, Group, List, Stack, Tabs, Text, Title } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { type User } from "../api";
import { useLoad } from "../hooks";
import { CopyLine, Page } from "../parts/Parts";
import { Snippet } from "../parts/Snippet";
import { demoAddress, useProject } from "../projects";
import { KeyMaker, UsersMaker, type Pair } from "../quickstart/access";
import * as texts from "../quickstart/texts";

const Texts = ({ of }: { of: texts.Text[] }) => (
  <Stack gap="md">
    {of.map(({ label, text }, index) => (
      <Stack key={label} gap={6}>
        <Title order={2} size="h5">{index + 1}. {label}</Title>
        <Snippet label={label}>{text}</Snippet>
      </Stack>
    ))}
  </Stack>
);

const inShell = <Text size="sm">Paste these into a shell, one after the other, in an empty folder. What has the name of a file goes into that file.</Text>;

export default function QuickStart() {
  const { project } = useProject();
  const found = useLoad<{ users: User[] }>(`projects/${project.id}/users?size=20`);
  const users = found.data?.users.filter(user => !user.disabled).map(user => user.username) ?? [];
  const [query, setQuery] = useSearchParams();
  const [secret, setSecret] = useState<string>();
  const [pair, setPair] = useState<Pair>();
  const ids: texts.Ids = {
    server: location.origin, project: project.id, apiKey: secret ?? "vox_sk_…", ...(pair ?? { alice: "alice", bob: "bob", password: "PASSWORD" }),
  };
  const keyMaker = <KeyMaker project={project} secret={secret} onMade={setSecret} />;
  const usersMaker = <UsersMaker project={project} pair={pair} onMade={made => { setPair(made); void found.reload(); }} />;
  const inPage = <Text size="sm">Save this as a file, serve it with any web server, and open it. Pages of other sites may use the SDK as <Anchor component={Link} to="../chat-settings" underline="always" size="sm">Chat settings</Anchor> allows.</Text>;
  const tabs: { id: string; name: string; content: ReactNode }[] = [
    {
      id: "curl", name: "curl",
      content: <>{keyMaker}<Text size="sm">Paste these into a shell, one after the other.</Text><Texts of={texts.curl(ids)} /></>,
    },
    {
      id: "node", name: "Node",
      content: <>{keyMaker}{inShell}<Text size="sm">The package is made of the repository of this server. Node 20 or later.</Text><Texts of={texts.node(ids)} /></>,
    },
    {
      id: "dotnet", name: ".NET",
      content: <>{keyMaker}{inShell}<Text size="sm">The SDK is in the repository of this server. .NET 8 or later.</Text><Texts of={texts.dotnet(ids)} /></>,
    },
    {
      id: "module", name: "Browser module",
      content: (
        <>
          {usersMaker}{inPage}<Texts of={texts.browserModule(ids)} />
          <Text size="sm">Your users need no password here: your server gives their app a token, as in the tabs before, and the app logs in with <Code>{"logIn({ tokenProvider: async () => … })"}</Code>. The session goes on with new tokens by itself.</Text>
        </>
      ),
    },
    {
      id: "cs", name: "CS.*",
      content: (
        <>
          {usersMaker}{inPage}<Texts of={texts.callbacks(ids)} />
          <Text size="sm">For apps that were written with callbacks. With a token of your server, they log in with <Code>CS.loginWithToken(id, tokenOrFunction, callback)</Code>.</Text>
        </>
      ),
    },
  ];
  const tab = tabs.find(({ id }) => id === query.get("tab"))?.id ?? "curl";

  return (
    <Page title="Quick start">
      <Stack maw={860} gap="lg">
        <Text>From nothing to a message that arrives live. The snippets have the ids of this project in them.</Text>
        <CopyLine label="Project ID" value={project.id} />
        <Tabs value={tab} onChange={next => setQuery({ tab: next ?? "curl" }, { replace: true })} keepMounted={false}>
          <Tabs.List aria-label="How to begin">
            {tabs.map(({ id, name }) => <Tabs.Tab key={id} value={id}>{name}</Tabs.Tab>)}
          </Tabs.List>
          {tabs.map(({ id, content }) => <Tabs.Panel key={id} value={id} pt="md"><Stack gap="md">{content}</Stack></Tabs.Panel>)}
        </Tabs>
        <Title order={2} size="h4">See it work</Title>
        <Text size="sm">The demo is a chat app written with the browser module, in which your own users can log in, each with the password that you gave them.</Text>
        <Group>
          <Button component="a" variant="default" href={demoAddress(project.id, users.slice(0, 2))} target="_blank" rel="noopener" rightSection={<IconExternalLink size={16} />}>
            {users.length === 0 ? "Open the demo" : `Open the demo as ${users.slice(0, 2).join(" and ")}`}
          </Button>
        </Group>
        {found.data && users.length === 0 && <Text size="sm" c="dimmed">This project has no users yet: create one first.</Text>}
        <List size="sm" spacing={4}>
          <List.Item><Anchor component={Link} to="../api" underline="always" size="sm">API reference</Anchor>: every endpoint, to try with this project</List.Item>
          <List.Item><Anchor component={Link} to="../webhooks" underline="always" size="sm">Webhooks</Anchor>: your server hears what happens</List.Item>
          <List.Item><Anchor component={Link} to="../history" underline="always" size="sm">Usage history</Anchor>: what was sent</List.Item>
        </List>
      </Stack>
    </Page>
  );
}
