import { Anchor, Badge, Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate, useSearchParams } from "react-router";
import { del, messageOf, post, put, type UserDetailsData } from "../api";
import { count, date, dateTime } from "../format";
import { useLoad } from "../hooks";
import { CardTable, Empty, Loaded, Page } from "../parts/Parts";
import { canEdit, demoAddress, useProject } from "../projects";

/** One user: what the project knows of them, where they are logged in, and with whom they talk. Not what they write. */
export function UserDetails() {
  const { project, reload } = useProject();
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const username = query.get("name") ?? "";
  const path = `projects/${project.id}/users`;
  const user = useLoad<UserDetailsData>(`${path}/details?username=${encodeURIComponent(username)}`);
  const edit = canEdit(project);

  const act = async (action: () => Promise<unknown>, done: string) => {
    try {
      await action();
      notifications.show({ message: done, color: "green" });
    } catch (e) {
      notifications.show({ message: messageOf(e), color: "red" });
    }
    await user.reload();
  };
  const remove = () => modals.openConfirmModal({
    title: <>Delete <bdi>{username}</bdi>?</>,
    children: <Text size="sm">The user is logged out and deleted with all that belongs to them. This cannot be undone.</Text>,
    labels: { confirm: "Delete", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void del(`${path}?username=${encodeURIComponent(username)}`).then(
      async () => { notifications.show({ message: "User deleted", color: "green" }); await reload(); await navigate("../users"); },
      error => notifications.show({ message: messageOf(error), color: "red" })),
  });

  return (
    <Page title={username} actions={<Button component={Link} to="../users" variant="default">All users</Button>}>
      <Loaded of={user}>
        {data => (
          <Stack gap="lg">
            <Paper withBorder p="lg">
              <Stack gap="xs">
                <Group gap="xs">
                  <Badge variant="light" color={data.disabled ? "gray" : "green"}>{data.disabled ? "Disabled" : "Enabled"}</Badge>
                  {data.online && <Badge variant="light">Online</Badge>}
                </Group>
                <Text size="sm">Created {date(data.createdAt)}. {data.online ? "Online now." : data.lastSeen ? `Last seen ${dateTime(data.lastSeen)}.` : "Never seen."}</Text>
                {(data.displayName || data.status) && <Text size="sm" style={{ overflowWrap: "anywhere" }}><bdi>{[data.displayName, data.status].filter(Boolean).join(" · ")}</bdi></Text>}
                {edit && (
                  <Group gap="xs">
                    <Button size="xs" variant="default" onClick={() => void act(() => put(`${path}/status`, { username, disabled: !data.disabled }), data.disabled ? "User enabled" : "User disabled")}>{data.disabled ? "Enable" : "Disable"}</Button>
                    <Button size="xs" variant="default" component="a" href={demoAddress(project.id, [username])} target="_blank" rel="noopener">Open in the demo</Button>
                    <Button size="xs" variant="subtle" color="red" onClick={remove}>Delete…</Button>
                  </Group>
                )}
              </Stack>
            </Paper>
            <Stack component="section" gap="sm" aria-label="Devices and sessions">
              <Group justify="space-between">
                <Title order={2} size="h4">Devices and sessions</Title>
                {edit && data.sessions.length > 0 && <Button size="xs" variant="default" onClick={() => void act(() => post(`${path}/logout`, { username }), "Logged out everywhere")}>Log out everywhere</Button>}
              </Group>
              {data.sessions.length === 0 ? <Empty>This user is logged in nowhere.</Empty> : (
                <CardTable minWidth={620}>
                  <Table verticalSpacing="xs">
                    <Table.Thead><Table.Tr><Table.Th>Device</Table.Th><Table.Th>Logged in</Table.Th><Table.Th>Last used</Table.Th><Table.Th>Ends if unused</Table.Th>{edit && <Table.Th ta="right">Actions</Table.Th>}</Table.Tr></Table.Thead>
                    <Table.Tbody>
                      {data.sessions.map(session => (
                        <Table.Tr key={session.id}>
                          <Table.Td style={{ overflowWrap: "anywhere" }}><bdi>{session.device || "Without a name"}</bdi></Table.Td><Table.Td>{dateTime(session.createdAt)}</Table.Td>
                          <Table.Td>{dateTime(session.usedAt)}</Table.Td><Table.Td>{date(session.expiresAt)}</Table.Td>
                          {edit && <Table.Td ta="right"><Button size="xs" variant="default" aria-label={`End the session on ${session.device || "the device without a name"}`} onClick={() => void act(() => post(`${path}/logout`, { username, id: session.id }), "Session ended")}>End</Button></Table.Td>}
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </CardTable>
              )}
            </Stack>
            <Stack component="section" gap="sm" aria-label="Conversations">
              <Title order={2} size="h4">Conversations</Title>
              {data.conversations.length === 0 ? <Empty>No conversations yet.</Empty> : (
                <CardTable minWidth={560}>
                  <Table verticalSpacing="xs">
                    <Table.Thead><Table.Tr><Table.Th>With</Table.Th><Table.Th>Kind</Table.Th><Table.Th ta="right">Messages</Table.Th><Table.Th>Last message</Table.Th></Table.Tr></Table.Thead>
                    <Table.Tbody>
                      {data.conversations.map(one => (
                        <Table.Tr key={one.id}>
                          <Table.Td style={{ overflowWrap: "anywhere" }}>{one.group ? <bdi>{one.with}</bdi> : <Anchor component={Link} to={`?name=${encodeURIComponent(one.with)}`} size="sm"><bdi>{one.with}</bdi></Anchor>}<Text size="xs" c="dimmed">{one.id}</Text></Table.Td>
                          <Table.Td>{one.group ? (one.left ? "Group, left" : "Group") : "Two users"}</Table.Td>
                          <Table.Td ta="right">{count(one.lastSequence)}</Table.Td><Table.Td>{one.lastMessageAt ? dateTime(one.lastMessageAt) : "none"}</Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </CardTable>
              )}
              {data.moreConversations > 0 && <Text size="sm" c="dimmed">And {count(data.moreConversations)} more.</Text>}
            </Stack>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
