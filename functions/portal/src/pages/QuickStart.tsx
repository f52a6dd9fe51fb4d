import { Anchor, Button, Group, List, Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { type User } from "../api";
import { useLoad } from "../hooks";
import { CopyLine, Page } from "../parts/Parts";
import { Snippet } from "../parts/Snippet";
import { demoAddress, useProject } from "../projects";

const Step = ({ number, title, children }: { number: number; title: string; children: ReactNode }) => (
  <Paper withBorder p="lg" component="section" aria-label={title}>
    <Stack gap="sm">
      <Group gap="sm" wrap="nowrap"><ThemeIcon radius="xl" variant="light" aria-hidden>{number}</ThemeIcon><Title order={2} size="h4">{title}</Title></Group>
      {children}
    </Stack>
  </Paper>
);

export default function QuickStart() {
  const { project } = useProject();
  const found = useLoad<{ users: User[] }>(`projects/${project.id}/users?size=20`);
  const users = found.data?.users.filter(user => !user.disabled).map(user => user.username) ?? [];
  const [alice, bob] = [users[0] ?? "alice", users[1] ?? "bob"];
  const server = location.origin;

  const create = `curl -X POST '${server}/api/user' \\
  -d 'projectid=${project.id}' \\
  -d 'authtoken=AUTH_TOKEN' \\
  -d 'username=${users.length ? "carol" : alice}' \\
  -d 'password=PASSWORD'`;
  const message = JSON.stringify({ projectid: project.id, user: alice, pass: "PASSWORD", recipient: bob, message: "Hello", msgType: "1", ct: "text/plain" }, null, 2);
  const send = `curl -X POST '${server}/sendchat' \\
  -H 'Content-Type: application/json' \\
  -d '${message.replaceAll("'", "'\\''")}'`;
  const page = `<script src="${server}/js/calmsdk-001.js"></script>
<script>
  CS.chat.onMessage((type, message) => {
    if (type === "NEW-MESSAGE") console.log(message.remoteUser, message.data);
  });
  CS.initialize({ appId: ${JSON.stringify(project.id)} }, code => {
    if (code !== 200) return;
    CS.login(${JSON.stringify(alice)}, "PASSWORD", code => {
      if (code !== 200) return;
      CS.chat.sendMessage(${JSON.stringify(bob)}, "Hello", CS.chat.ChatType.TEXT_PLAIN, 0, code => console.log("accepted", code), true);
    });
  });
</script>`;

  return (
    <Page title="Quick start">
      <Stack maw={860} gap="lg">
        <Text>From nothing to a message that arrives live. The snippets have this project's id in them; AUTH_TOKEN and PASSWORD are yours to fill in.</Text>
        <CopyLine label="Project ID" value={project.id} />
        <Step number={1} title="Create users">
          <Text size="sm">Your server does this when somebody registers with you. For a first try you can also <Anchor component={Link} to="../users" underline="always" size="sm">add users here</Anchor>. The auth token was shown when the project was created; <Anchor component={Link} to="../settings" underline="always" size="sm">project settings</Anchor> makes a new one.</Text>
          <Snippet label="Create a user">{create}</Snippet>
        </Step>
        <Step number={2} title="Send a message">
          <Text size="sm">From your server, in a user's name:</Text>
          <Snippet label="Send a message">{send}</Snippet>
        </Step>
        <Step number={3} title="Chat in your web page">
          <Text size="sm">The SDK receives live and sends what was written offline as soon as there is a connection. Pages of other sites may use it as <Anchor component={Link} to="../chat-settings" underline="always" size="sm">Chat settings</Anchor> allows.</Text>
          <Snippet label="The SDK in a page">{page}</Snippet>
        </Step>
        <Step number={4} title="See it work">
          <Text size="sm">The demo is a chat app written with the SDK, in which your own users can log in, each with the password that you gave them.</Text>
          <Group>
            <Button component="a" href={demoAddress(project.id, users.slice(0, 2))} target="_blank" rel="noopener" rightSection={<IconExternalLink size={16} />}>
              {users.length === 0 ? "Open the demo" : `Open the demo as ${users.slice(0, 2).join(" and ")}`}
            </Button>
          </Group>
          {found.data && users.length === 0 && <Text size="sm" c="dimmed">This project has no users yet: create one first.</Text>}
        </Step>
        <List size="sm" spacing={4}>
          <List.Item><Anchor component={Link} to="../api" underline="always" size="sm">API reference</Anchor>: every endpoint, to try with this project</List.Item>
          <List.Item><Anchor component={Link} to="../history" underline="always" size="sm">Usage history</Anchor>: what was sent</List.Item>
        </List>
      </Stack>
    </Page>
  );
}
