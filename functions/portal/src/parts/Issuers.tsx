import { Button, Group, Modal, SegmentedControl, Stack, Switch, Table, Text, TextInput, Textarea, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { del, messageOf, put } from "../api";
import { useForm } from "../form";
import { date } from "../format";
import { useLoad } from "../hooks";
import { canEdit, useProject } from "../projects";
import { CardTable, Empty, ErrorText, Loaded } from "./Parts";

interface Issuer {
  issuer: string; audience: string; jwksUri?: string; keyFingerprint?: string; idClaim: string; nameClaim: string; provisions: boolean; createdAt: string;
  createdBy: string;
}

/** Whose JWTs log users in. */
export function Issuers() {
  const { project } = useProject();
  const path = `projects/${project.id}/issuers`;
  const issuers = useLoad<{ issuers: Issuer[] }>(path);
  const [adding, setAdding] = useState(false);
  const edit = canEdit(project);
  const add = edit && <Button variant="default" onClick={() => setAdding(true)}>Add issuer</Button>;

  const remove = (issuer: string) => modals.openConfirmModal({
    title: "Remove the issuer?",
    children: <Text size="sm" style={{ overflowWrap: "anywhere" }}>Tokens of <b>{issuer}</b> log nobody in any more. Sessions that began with them end with their tokens.</Text>,
    labels: { confirm: "Remove", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void del(`${path}?issuer=${encodeURIComponent(issuer)}`).then(
      () => notifications.show({ message: "The issuer was removed", color: "green" }),
      error => notifications.show({ message: messageOf(error), color: "red" })).then(issuers.reload),
  });

  return (
    <Stack component="section" aria-labelledby="issuers" gap="sm">
      <Group justify="space-between"><Title order={2} size="h3" id="issuers">Your own tokens</Title>{add}</Group>
      <Text c="dimmed">Users can log in with JWTs of your identity provider, signed with RS256 or ES256.</Text>
      <Loaded of={issuers}>
        {data => data.issuers.length === 0 ? (
          <Empty>No issuer yet.</Empty>
        ) : (
          <CardTable minWidth={700}>
            <Table verticalSpacing="sm">
              <Table.Thead><Table.Tr><Table.Th>Issuer</Table.Th><Table.Th>Audience</Table.Th><Table.Th>Keys</Table.Th><Table.Th>Claims</Table.Th><Table.Th>Creates users</Table.Th>{edit && <Table.Th ta="right">Actions</Table.Th>}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.issuers.map(issuer => (
                  <Table.Tr key={issuer.issuer}>
                    <Table.Td style={{ overflowWrap: "anywhere" }}><Text size="sm" fw={500}>{issuer.issuer}</Text><Text size="xs" c="dimmed">Added {date(issuer.createdAt)} by {issuer.createdBy}</Text></Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{issuer.audience}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{issuer.jwksUri ?? <>Public key<Text size="xs" c="dimmed" ff="monospace">{issuer.keyFingerprint}</Text></>}</Table.Td>
                    <Table.Td>{issuer.idClaim}, {issuer.nameClaim}</Table.Td>
                    <Table.Td>{issuer.provisions ? "yes" : "no"}</Table.Td>
                    {edit && <Table.Td ta="right"><Button size="xs" variant="light" color="red" aria-label={`Remove ${issuer.issuer}`} onClick={() => remove(issuer.issuer)}>Remove</Button></Table.Td>}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </CardTable>
        )}
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Add an issuer">
        <AddIssuer path={path} onDone={async () => { setAdding(false); notifications.show({ message: "The issuer was added", color: "green" }); await issuers.reload(); }} />
      </Modal>
    </Stack>
  );
}

function AddIssuer({ path, onDone }: { path: string; onDone: () => Promise<void> }) {
  const form = useForm({
    initial: { issuer: "", audience: "", keys: "address", jwksUri: "", publicKey: "", idClaim: "sub", nameClaim: "name", provisions: true },
    check: ({ issuer, audience, keys, jwksUri, publicKey }) => {
      if (!issuer.trim() || !audience.trim()) return "Please enter the issuer and the audience.";
      return (keys === "address" ? jwksUri : publicKey).trim() ? undefined : "Please enter where the public keys are, or the key.";
    },
    submit: async ({ keys, jwksUri, publicKey, ...rest }) => {
      await put(path, { ...rest, ...(keys === "address" ? { jwksUri } : { publicKey }) });
      await onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label="Issuer" description="The claim iss, exactly." placeholder="https://login.example.com" {...form.input("issuer")} maxLength={500} required data-autofocus />
        <TextInput label="Audience" description="What the claim aud must have." {...form.input("audience")} maxLength={500} required />
        <SegmentedControl aria-label="Where the public keys are" w="fit-content" value={form.values.keys} onChange={keys => { form.set("keys", keys); form.setError(undefined); }} data={[{ value: "address", label: "JWKS address" }, { value: "key", label: "Public key" }]} />
        {form.values.keys === "address"
          ? <TextInput label="Address of the keys" placeholder="https://login.example.com/.well-known/jwks.json" {...form.input("jwksUri")} maxLength={2000} required />
          : <Textarea label="Key in PEM" placeholder="-----BEGIN PUBLIC KEY-----" autosize minRows={4} maxRows={10} {...form.input("publicKey")} required />}
        <Group grow><TextInput label="Claim of the id" {...form.input("idClaim")} maxLength={100} /><TextInput label="Claim of the name" {...form.input("nameClaim")} maxLength={100} /></Group>
        <Switch label="Create users at their first log-in" {...form.checkbox("provisions")} />
        <ErrorText>{form.error}</ErrorText>
        <Group><Button type="submit" loading={form.busy}>Add</Button></Group>
      </Stack>
    </form>
  );
}
