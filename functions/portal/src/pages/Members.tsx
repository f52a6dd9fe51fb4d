import { Button, Group, Modal, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { del, get, messageOf, post, put, type Member, type Role } from "../api";
import { useForm } from "../form";
import { date } from "../format";
import { useLoad } from "../hooks";
import { ErrorText, Loaded, Page } from "../parts/Parts";
import { useProject } from "../projects";

const roles: { value: Role; label: string }[] = [{ value: "owner", label: "Owner" }, { value: "admin", label: "Admin" }, { value: "viewer", label: "Viewer" }];

export function Members() {
  const { project, reload } = useProject();
  const [inviting, setInviting] = useState(false);
  const path = `projects/${project.id}/members`;
  const members = useLoad(() => get<{ members: Member[] }>(path), [path]);
  const owner = project.role === "owner";

  const act = async (action: () => Promise<unknown>) => {
    try {
      await action();
    } catch (e) {
      notifications.show({ message: messageOf(e), color: "red" });
    }
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
      <Modal opened={inviting} onClose={() => setInviting(false)} title="Invite to this project">
        <Invite path={path} onDone={email => { setInviting(false); notifications.show({ message: `Invitation sent to ${email}`, color: "green" }); }} />
      </Modal>
    </Page>
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
