import { ActionIcon, Anchor, Badge, Button, Checkbox, Group, Menu, Modal, Paper, PasswordInput, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconDots, IconDownload, IconSearch, IconUpload } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { del, href, messageOf, post, put, type User } from "../api";
import { useForm } from "../form";
import { count, date, dateTime } from "../format";
import { useLoad } from "../hooks";
import { ImportUsers } from "../parts/ImportUsers";
import { CardTable, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { canEdit, demoAddress, useProject } from "../projects";

export function Users() {
  const { project, reload } = useProject();
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search, 300);
  // The username after which each page begins. The last page is shown.
  const [pages, setPages] = useState<string[]>([""]);
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const [running, setRunning] = useState(false);
  const [resetting, setResetting] = useState<User>();
  const [marked, setMarked] = useState<string[]>([]);
  const after = pages[pages.length - 1];
  const users = useLoad<{ users: User[]; next?: string }>(`projects/${project.id}/users?size=50&search=${encodeURIComponent(wanted)}&after=${encodeURIComponent(after)}`);
  useEffect(() => setPages([""]), [wanted]);
  // What is marked must be seen.
  useEffect(() => setMarked([]), [wanted, after]);
  const edit = canEdit(project);

  const act = async (action: () => Promise<unknown>, done: string) => {
    try {
      await action();
      notifications.show({ message: done, color: "green" });
    } catch (e) {
      notifications.show({ message: messageOf(e), color: "red" });
    }
    await Promise.all([users.reload(), reload()]);
  };

  const remove = (user: User) => modals.openConfirmModal({
    title: <>Delete <bdi>{user.username}</bdi>?</>,
    children: <Text size="sm">The user is logged out and deleted with all that belongs to it. This cannot be undone.</Text>,
    labels: { confirm: "Delete", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void act(() => del(`projects/${project.id}/users?username=${encodeURIComponent(user.username)}`), "User deleted"),
  });

  const many = async (action: string, words: string) => {
    try {
      const { done, refused } = await post<{ done: number; refused: { username: string; reason: string }[] }>(`projects/${project.id}/users/many`, { action, usernames: marked });
      notifications.show({ message: `${count(done)} users ${words}`, color: "green" });
      if (refused.length > 0) notifications.show({ title: `${count(refused.length)} could not be changed`, message: `${refused[0].username}: ${refused[0].reason}`, color: "orange", autoClose: false });
    } catch (e) {
      notifications.show({ message: messageOf(e), color: "red" });
    }
    setMarked([]);
    await Promise.all([users.reload(), reload()]);
  };
  const removeMany = () => modals.openConfirmModal({
    title: `Delete ${count(marked.length)} users?`,
    children: <Text size="sm">They are logged out and deleted with all that belongs to them. This cannot be undone.</Text>,
    labels: { confirm: "Delete", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void many("delete", "deleted"),
  });

  const add = canEdit(project) && <Button onClick={() => setAdding(true)}>Add a new user</Button>;
  const actions = (
    <>
      <Button component="a" href={href(`projects/${project.id}/users.csv?search=${encodeURIComponent(wanted)}`)} download variant="default" leftSection={<IconDownload size={16} />}>Export CSV</Button>
      {canEdit(project) && <Button variant="default" leftSection={<IconUpload size={16} />} onClick={() => setImporting(true)}>Import CSV</Button>}
      {add}
    </>
  );
  return (
    <Page title="Project Users" actions={actions}>
      <Group justify="space-between" align="end">
        <TextInput aria-label="Search users" placeholder="Search by username" leftSection={<IconSearch size={16} />} value={search} onChange={event => setSearch(event.currentTarget.value)} w={360} maw="100%" />
        <Text size="sm" c="dimmed">{count(project.users)} {project.users === 1 ? "user" : "users"} in all</Text>
      </Group>
      {marked.length > 0 && (
        <Paper withBorder p="xs" component="section" aria-label="Marked users">
          <Group gap="xs">
            <Text size="sm" fw={500} role="status">{count(marked.length)} marked</Text>
            <Button size="xs" variant="default" onClick={() => void many("disable", "disabled")}>Disable</Button>
            <Button size="xs" variant="default" onClick={() => void many("enable", "enabled")}>Enable</Button>
            <Button size="xs" variant="default" onClick={() => void many("logout", "logged out")}>Log out everywhere</Button>
            <Button size="xs" variant="light" color="red" onClick={removeMany}>Delete…</Button>
            <Button size="xs" variant="subtle" onClick={() => setMarked([])}>Mark none</Button>
          </Group>
        </Paper>
      )}
      <Loaded of={users}>
        {page => page.users.length === 0 ? (
          <Empty action={wanted ? undefined : add}>{wanted ? `No user's name contains “${wanted}”.` : "This project has no users yet. Users log in to your app with their username and password."}</Empty>
        ) : (
          <>
            <CardTable minWidth={620}>
              <Table verticalSpacing="sm">
                <Table.Thead><Table.Tr>
                  {edit && <Table.Th w={40} data-name="Mark"><Checkbox aria-label="Mark all on this page" checked={marked.length === page.users.length} indeterminate={marked.length > 0 && marked.length < page.users.length}
                    onChange={event => setMarked(event.currentTarget.checked ? page.users.map(user => user.username) : [])} /></Table.Th>}
                  <Table.Th>Username</Table.Th><Table.Th>Created</Table.Th><Table.Th>Last seen</Table.Th><Table.Th>Status</Table.Th>{edit && <Table.Th ta="right">Actions</Table.Th>}
                </Table.Tr></Table.Thead>
                <Table.Tbody>
                  {page.users.map(user => (
                    <Table.Tr key={user.username}>
                      {edit && <Table.Td><Checkbox aria-label={`Mark ${user.username}`} checked={marked.includes(user.username)}
                        onChange={event => setMarked(event.currentTarget.checked ? [...marked, user.username] : marked.filter(name => name !== user.username))} /></Table.Td>}
                      <Table.Td style={{ overflowWrap: "anywhere" }}><Anchor component={Link} to={`../user?name=${encodeURIComponent(user.username)}`} underline="hover" size="sm"><bdi>{user.username}</bdi></Anchor></Table.Td>
                      <Table.Td>{date(user.createdAt)}</Table.Td>
                      <Table.Td>{user.online ? "now" : user.lastSeen ? dateTime(user.lastSeen) : "never"}</Table.Td>
                      <Table.Td><Badge variant="light" color={user.disabled ? "gray" : "green"}>{user.disabled ? "Disabled" : "Enabled"}</Badge>{user.online && <Badge variant="light" ml={6}>Online</Badge>}</Table.Td>
                      {edit && (
                        <Table.Td>
                          <Group gap="xs" justify="flex-end" wrap="nowrap">
                            <Button size="xs" variant="subtle" color="gray" onClick={() => remove(user)} aria-label={`Delete ${user.username}`}>Delete</Button>
                            <Menu position="bottom-end">
                              <Menu.Target><ActionIcon variant="default" aria-label={`More for ${user.username}`}><IconDots size={16} /></ActionIcon></Menu.Target>
                              <Menu.Dropdown>
                                <Menu.Item component="a" href={demoAddress(project.id, [user.username])} target="_blank" rel="noopener">Open in the demo</Menu.Item>
                                <Menu.Item onClick={() => setResetting(user)}>Reset password</Menu.Item>
                                <Menu.Item onClick={() => void act(() => put(`projects/${project.id}/users/status`, { username: user.username, disabled: !user.disabled }), user.disabled ? "User enabled" : "User disabled")}>
                                  {user.disabled ? "Enable" : "Disable"}
                                </Menu.Item>
                              </Menu.Dropdown>
                            </Menu>
                          </Group>
                        </Table.Td>
                      )}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </CardTable>
            <Group>
              <Button variant="default" disabled={pages.length === 1} onClick={() => setPages(pages.slice(0, -1))}>Previous</Button>
              <Text size="sm">Page {pages.length}</Text>
              <Button variant="default" disabled={!page.next} onClick={() => setPages([...pages, page.next!])}>Next</Button>
            </Group>
          </>
        )}
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Add a new user">
        <UserForm button="Create" onSubmit={async (username, password) => {
          await post(`projects/${project.id}/users`, { username, password });
          notifications.show({ message: "User created", color: "green" });
          setAdding(false);
          await Promise.all([users.reload(), reload()]);
        }} />
      </Modal>
      <Modal opened={importing} onClose={() => setImporting(false)} title="Import users" size="lg" closeOnClickOutside={!running} closeOnEscape={!running} withCloseButton={!running}>
        <ImportUsers projectId={project.id} onRunning={setRunning} onClose={() => setImporting(false)} onChanged={() => void Promise.all([users.reload(), reload()])} />
      </Modal>
      <Modal opened={!!resetting} onClose={() => setResetting(undefined)} title={<>New password for <bdi>{resetting?.username}</bdi></>}>
        <UserForm button="Set password" username={resetting?.username} onSubmit={async (username, password) => {
          await put(`projects/${project.id}/users/password`, { username, password });
          notifications.show({ message: "Password set; the user is logged out everywhere", color: "green" });
          setResetting(undefined);
        }} />
      </Modal>
    </Page>
  );
}

function UserForm({ username: known, button, onSubmit }: { username?: string; button: string; onSubmit: (username: string, password: string) => Promise<void> }) {
  const form = useForm({
    initial: { username: known ?? "", password: "" },
    check: ({ username, password }) => (username && password ? undefined : "Please enter a username and a password."),
    submit: ({ username, password }) => onSubmit(username, password),
  });
  return (
    <form {...form.props}>
      <Stack>
        {!known && <TextInput label="Username" {...form.input("username")} maxLength={128} autoComplete="off" required data-autofocus />}
        <PasswordInput label="Password" {...form.input("password")} maxLength={256} autoComplete="new-password" required />
        <ErrorText>{form.error}</ErrorText>
        <Button type="submit" loading={form.busy}>{button}</Button>
      </Stack>
    </form>
  );
}
