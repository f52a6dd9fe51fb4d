import { Badge, Button, Group, Modal, Select, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { del, messageOf, post, put, type Invitation, type Member, type Role } from "../api";
import { useForm } from "../form";
import { date } from "../format";
import { useLoad } from "../hooks";
import { CardTable, Empty, ErrorText, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";
import { queries } from "../queries";

const roles: { value: Role; label: string }[] = [{ value: "owner", label: "Owner" }, { value: "admin", label: "Admin" }, { value: "viewer", label: "Viewer" }];

export function Members() {
  const { project, reload } = useProject();
  const [inviting, setInviting] = useState(false);
  const path = `projects/${project.id}/members`;
  const members = useLoad<{ members: Member[] }>(path);
  const owner = project.role === "owner";
  const relist = () => queries.invalidateQueries({ queryKey: [`${path}/invitations`] });

  const act = async (action: () => Promise<unknown>) => {
    try {
      await action();
    } catch (e) {
      notifications.show({ message: messageOf(e), color: "red" });
    }
    await Promise.all([members.reload(), reload(), relist()]);
  };

  return (
    <Page title="Members" actions={owner && <Button onClick={() => setInviting(true)}>Invite</Button>}>
      <Text c="dimmed">Viewers see everything, admins also change it, owners also manage members and delete the project.</Text>
      <Loaded of={members}>
        {data => (
          <CardTable minWidth={520}>
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
          </CardTable>
        )}
      </Loaded>
      {owner && <Invitations path={path} onInvite={() => setInviting(true)} />}
      <Modal opened={inviting} onClose={() => setInviting(false)} title="Invite to this project">
        <Invite path={path} onDone={email => { setInviting(false); void relist(); notifications.show({ message: `Invitation sent to ${email}`, color: "green" }); }} />
      </Modal>
    </Page>
  );
}

/** Who is invited and has not accepted yet. */
function Invitations({ path, onInvite }: { path: string; onInvite: () => void }) {
  const invitations = useLoad<{ invitations: Invitation[] }>(`${path}/invitations`);
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
          <CardTable minWidth={620}>
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
          </CardTable>
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
