import { Badge, Button, Group, Menu, Modal, PasswordInput, Stack, Table, Text, TextInput, ActionIcon } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconDots, IconDownload, IconSearch, IconUpload } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { del, get, href, messageOf, post, put, type User } from "../api";
import { useForm } from "../form";
import { date } from "../format";
import { useLoad } from "../hooks";
import { ImportUsers } from "../parts/ImportUsers";
import { Empty, ErrorText, Loaded, Page } from "../parts/Parts";
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
  const after = pages[pages.length - 1];
  const users = useLoad(
    () => get<{ users: User[]; next?: string }>(`projects/${project.id}/users?size=50&search=${encodeURIComponent(wanted)}&after=${encodeURIComponent(after)}`),
    [project.id, wanted, after]);
  useEffect(() => setPages([""]), [wanted]);

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
      <TextInput aria-label="Search users" placeholder="Search by username" leftSection={<IconSearch size={16} />} value={search} onChange={event => setSearch(event.currentTarget.value)} maw={360} />
      <Loaded of={users}>
        {page => page.users.length === 0 ? (
          <Empty action={wanted ? undefined : add}>{wanted ? `No user's name contains “${wanted}”.` : "This project has no users yet. Users log in to your app with their username and password."}</Empty>
        ) : (
          <>
            <Table.ScrollContainer minWidth={480}>
              <Table verticalSpacing="sm">
                <Table.Thead><Table.Tr><Table.Th>Username</Table.Th><Table.Th>Created</Table.Th><Table.Th>Status</Table.Th><Table.Th ta="right">Actions</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {page.users.map(user => (
                    <Table.Tr key={user.username}>
                      <Table.Td style={{ overflowWrap: "anywhere" }}><bdi>{user.username}</bdi></Table.Td>
                      <Table.Td>{date(user.createdAt)}</Table.Td>
                      <Table.Td><Badge variant="light" color={user.disabled ? "gray" : "green"}>{user.disabled ? "Disabled" : "Enabled"}</Badge>{user.online && <Badge variant="light" ml={6}>Online</Badge>}</Table.Td>
                      <Table.Td>
                        {canEdit(project) && (
                          <Group gap="xs" justify="flex-end" wrap="nowrap">
                            <Button size="xs" variant="light" color="red" onClick={() => remove(user)} aria-label={`Delete ${user.username}`}>Delete</Button>
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
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
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
