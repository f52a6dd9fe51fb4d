import { Badge, Button, Group, Modal, Select, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { del, get, messageOf, post, put, type Invitation, type Member, type Role } from "../api";
import { useForm } from "../form";
import { date } from "../format";
import { useLoad } from "../hooks";
import { Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";

const roles: { value: Role; label: string }[] = [{ value: "owner", label: "Owner" }, { value: "admin", label: "Admin" }, { value: "viewer", label: "Viewer" }];

export function Members() {
  const { project, reload } = useProject();
  const [inviting, setInviting] = useState(false);
  const [sent, setSent] = useState(0);
  const path = `projects/${project.id}/members`;
  const members = useLoad(() => get<{ members: Member[] }>(path), [path]);
  const owner = project.role === "owner";

  const act = async (action: () => Promise<unknown>) => {
    try {
      await action();
    } catch (e) {
      notifications.show({ message: messageOf(e), color: "red" });
    }
    setSent(sent + 1);
    await Promise.all([members.reload(), reload()]);
  };

  return (
    <Page title="Members" actions={owner && <Button onClick={() => setInviting(true)}>Invite</Button>}>
      <Text c="dimmed">Viewers see everything, admins also change it, owners also manage members and delete the project.</Text>
      <Loaded of={members}>
        {data => (
          <Table.ScrollContainer minWidth={520}>
            <Table verticalSpacing="sm">
              <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>E-mail</Table.Th><Table.Th>Role</Table.Th><Table.Th>Since</Table.Th>{owner && <Table.Th ta="right">Actions</Table.Th>}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.members.map(member => (
                  <Table.Tr key={member.developerId}>
                    <Table.Td><bdi>{member.name}</bdi></Table.Td><Table.Td>{member.email}</Table.Td>
                    <Table.Td>{owner
                      ? <Select aria-label={`Role of ${member.name}`} data={roles} value={member.role} allowDeselect={false} w={120} onChange={role => void act(() => put(path, { developerId: member.developerId, role }))} />
                      : roles.find(role => role.value === member.role)?.label}</Table.Td>
                    <Table.Td>{date(member.since)}</Table.Td>
                    {owner && <Table.Td ta="right"><Button size="xs" variant="light" color="red" aria-label={`Remove ${member.name}`} onClick={() => modals.openConfirmModal({
                      title: <>Remove <bdi>{member.name}</bdi>?</>, labels: { confirm: "Remove", cancel: "Cancel" }, confirmProps: { color: "red" },
                      onConfirm: () => void act(() => del(`${path}?developerId=${encodeURIComponent(member.developerId)}`)),
                    })}>Remove</Button></Table.Td>}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      {owner && <Invitations path={path} turn={sent} onInvite={() => setInviting(true)} />}
      <Modal opened={inviting} onClose={() => setInviting(false)} title="Invite to this project">
        <Invite path={path} onDone={email => { setInviting(false); setSent(sent + 1); notifications.show({ message: `Invitation sent to ${email}`, color: "green" }); }} />
      </Modal>
    </Page>
  );
}

/** Who is invited and has not accepted yet. `turn` changes when the list may have changed. */
function Invitations({ path, turn, onInvite }: { path: string; turn: number; onInvite: () => void }) {
  const invitations = useLoad(() => get<{ invitations: Invitation[] }>(`${path}/invitations`), [path, turn]);
  const [busy, setBusy] = useState<string>();

  const act = async (id: string, action: () => Promise<unknown>, done: string) => {
    setBusy(id);
    try {
      await action();
      notifications.show({ message: done, color: "green" });
    } catch (e) {
      notifications.show({ message: messageOf(e), color: "red" });
    }
    setBusy(undefined);
    await invitations.reload();
  };

  return (
    <Stack component="section" aria-labelledby="invitations" gap="sm">
      <Title order={2} size="h3" id="invitations">Invitations</Title>
      <Loaded of={invitations}>
        {data => data.invitations.length === 0 ? (
          <Empty action={<Button variant="default" onClick={onInvite}>Invite somebody</Button>}>Nobody is invited at the moment.</Empty>
        ) : (
          <Table.ScrollContainer minWidth={620}>
            <Table verticalSpacing="sm">
              <Table.Thead><Table.Tr><Table.Th>E-mail</Table.Th><Table.Th>Role</Table.Th><Table.Th>Invited by</Table.Th><Table.Th>Sent</Table.Th><Table.Th>Good until</Table.Th><Table.Th ta="right">Actions</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.invitations.map(({ id, email, role, invitedBy, sentAt, expiresAt, expired }) => (
                  <Table.Tr key={id}>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{email}</Table.Td>
                    <Table.Td>{roles.find(known => known.value === role)?.label}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{invitedBy}</Table.Td>
                    <Table.Td>{date(sentAt)}</Table.Td>
                    <Table.Td>{expired ? <Badge variant="light" color="gray">Expired</Badge> : date(expiresAt)}</Table.Td>
                    <Table.Td>
                      <Group gap="xs" justify="flex-end" wrap="nowrap">
                        <Button size="xs" variant="default" loading={busy === id} aria-label={`Send again to ${email}`}
                          onClick={() => void act(id, () => post(`${path}/invitations/resend`, { id }), `Invitation sent to ${email} again`)}>Send again</Button>
                        <Button size="xs" variant="light" color="red" disabled={busy === id} aria-label={`Withdraw the invitation to ${email}`} onClick={() => modals.openConfirmModal({
                          title: `Withdraw the invitation to ${email}?`, children: <Text size="sm">The link in the e-mail is void then.</Text>,
                          labels: { confirm: "Withdraw", cancel: "Cancel" }, confirmProps: { color: "red" },
                          onConfirm: () => void act(id, () => del(`${path}/invitations?id=${encodeURIComponent(id)}`), "Invitation withdrawn"),
                        })}>Withdraw</Button>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Stack>
  );
}

function Invite({ path, onDone }: { path: string; onDone: (email: string) => void }) {
  const form = useForm({
    initial: { email: "", role: "viewer" as string | null },
    submit: async values => { await post(path, values); onDone(values.email); },
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label="E-mail" type="email" {...form.input("email")} required data-autofocus />
        <Select label="Role" data={roles} {...form.input("role")} allowDeselect={false} />
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy}>Send invitation</Button></Group>
      </Stack>
    </form>
  );
}
