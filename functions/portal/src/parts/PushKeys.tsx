import { Alert, Badge, Button, Divider, FileInput, Group, Paper, PasswordInput, SegmentedControl, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconUpload } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { del, messageOf, put } from "../api";
import { useForm } from "../form";
import { date, dateTime } from "../format";
import { useLoad } from "../hooks";
import { canEdit, useProject } from "../projects";
import { ErrorText, Loaded } from "./Parts";

interface Stored { kind: string; keyId?: string; fingerprint: string; storedAt: string; storedBy: string }
interface Ios extends Stored { subject?: string; bundleId: string; teamId?: string; environment?: string; expiresAt?: string }
interface Android extends Stored { firebaseProject?: string; clientEmail?: string }

const day = 86_400_000;

export function PushKeys() {
  const { project } = useProject();
  const path = `projects/${project.id}/push`;
  const keys = useLoad<{ ios?: Ios; android?: Android }>(path);
  const [replacing, setReplacing] = useState("");
  const edit = canEdit(project);

  const remove = (platform: string, name: string) => modals.openConfirmModal({
    title: `Remove the ${name}?`,
    children: <Text size="sm">It cannot be shown or brought back: to use it again, it has to be uploaded again.</Text>,
    labels: { confirm: "Remove", cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: () => void del(`${path}/${platform}`).then(
      () => notifications.show({ message: `The ${name} was removed`, color: "green" }),
      error => notifications.show({ message: messageOf(error), color: "red" })).then(keys.reload),
  });
  const done = async (what: string) => {
    setReplacing("");
    notifications.show({ message: `${what} stored`, color: "green" });
    await keys.reload();
  };

  const part = (platform: "ios" | "android", title: string, name: string, shown: ReactNode, form: ReactNode, explain: string) => (
    <Stack gap="sm">
      <Title order={3} size="h5">{title}</Title>
      {shown ?? <Text size="sm" c="dimmed">{explain}</Text>}
      {edit && (!shown || replacing === platform
        ? <>{form}{shown && <Button w="fit-content" variant="subtle" onClick={() => setReplacing("")}>Keep the present one</Button>}</>
        : <Group>
            <Button variant="default" onClick={() => setReplacing(platform)} aria-label={`Replace the ${name}`}>Replace</Button>
            <Button variant="light" color="red" onClick={() => remove(platform, name)} aria-label={`Remove the ${name}`}>Remove</Button>
          </Group>)}
    </Stack>
  );

  return (
    <Paper withBorder p="lg" component="section" aria-label="Push keys">
      <Stack>
        <Title order={2} size="h4">Push keys</Title>
        <Text size="sm">Encrypted when they are stored, and never shown again: only what they are.</Text>
        <Loaded of={keys}>
          {data => (
            <>
              {part("ios", "iOS certificate", "iOS certificate", data.ios && <IosShown ios={data.ios} />, <IosForm path={path} onDone={done} />,
                "No certificate yet. Upload the .p12 of an Apple Push Notification service certificate, or a .p8 key.")}
              <Divider />
              {part("android", "Android key", "Android key", data.android && <AndroidShown android={data.android} />, <AndroidForm path={path} onDone={done} />,
                "No key yet. Upload the JSON file of a Firebase service account, or enter a server key.")}
            </>
          )}
        </Loaded>
      </Stack>
    </Paper>
  );
}

const Facts = ({ facts }: { facts: [string, ReactNode][] }) => (
  <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" component="dl" m={0}>
    {facts.filter(([, value]) => value).map(([name, value]) => (
      <div key={name}><Text component="dt" size="xs" c="dimmed">{name}</Text><Text component="dd" m={0} size="sm" style={{ overflowWrap: "anywhere" }}>{value}</Text></div>
    ))}
  </SimpleGrid>
);

function IosShown({ ios }: { ios: Ios }) {
  const left = ios.expiresAt ? Math.floor((Date.parse(ios.expiresAt) - Date.now()) / day) : Infinity;
  return (
    <Stack gap="xs">
      {left < 30 && <Alert color={left < 0 ? "red" : "orange"} variant="light">{left < 0 ? "This certificate has expired: replace it." : `This certificate expires in ${left} days: replace it in time.`}</Alert>}
      <Facts facts={[
        ["Kind", ios.kind === "p8" ? "Key (.p8)" : <>Certificate (.p12) {ios.environment && <Badge size="sm" variant="light" ml={4}>{ios.environment === "both" ? "development and production" : ios.environment}</Badge>}</>],
        ["App (bundle id)", ios.bundleId], ["Subject", ios.subject], ["Key id", ios.keyId], ["Team id", ios.teamId],
        ["Expires", ios.expiresAt ? date(ios.expiresAt) : "never"], ["Fingerprint", ios.fingerprint], ["Stored", `${dateTime(ios.storedAt)} by ${ios.storedBy}`],
      ]} />
    </Stack>
  );
}

const AndroidShown = ({ android }: { android: Android }) => (
  <Facts facts={[
    ["Kind", android.kind === "service_account" ? "Firebase service account" : "Server key"], ["Firebase project", android.firebaseProject],
    ["Account", android.clientEmail], ["Key id", android.keyId], ["Fingerprint", android.fingerprint], ["Stored", `${dateTime(android.storedAt)} by ${android.storedBy}`],
  ]} />
);

interface FormProps { path: string; onDone: (what: string) => Promise<void> }

const maxIos = 64 * 1024;

async function base64(file: File) {
  let text = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}

function IosForm({ path, onDone }: FormProps) {
  const form = useForm({
    initial: { file: null as File | null, password: "", keyId: "", teamId: "", bundleId: "" },
    check: ({ file }) => {
      if (!file) return "Please choose a .p12 or .p8 file.";
      return file.size > maxIos ? "This file is larger than 64 KiB: it is no certificate or key for push messages." : undefined;
    },
    submit: async ({ file, password, keyId, teamId, bundleId }) => {
      await put(`${path}/ios`, { file: await base64(file!), ...(isKey ? { keyId, teamId, bundleId } : { password }) });
      await onDone(isKey ? "iOS key" : "iOS certificate");
    },
  });
  const isKey = !!form.values.file?.name.toLowerCase().endsWith(".p8");

  const choose = (file: File | null) => {
    form.set("file", file);
    form.setError(undefined);
    // Apple puts the key's id into the name.
    const id = file && /AuthKey_([A-Z0-9]{10})/.exec(file.name)?.[1];
    if (id) form.set("keyId", id);
  };
  return (
    <form {...form.props}>
      <Stack gap="sm">
        <FileInput label="iOS file" placeholder="Choose a .p12 or .p8 file" accept=".p12,.pfx,.p8" leftSection={<IconUpload size={16} />} value={form.values.file} onChange={choose} clearable clearButtonProps={{ "aria-label": "Clear the iOS file" }} required />
        {isKey
          ? <>
              <TextInput label="Key id" {...form.input("keyId")} maxLength={10} required />
              <TextInput label="Team id" {...form.input("teamId")} maxLength={10} required />
              <TextInput label="App (bundle id)" placeholder="com.example.shop" {...form.input("bundleId")} maxLength={155} required />
            </>
          : <PasswordInput label="Password of the file" description="Used to read the file, not stored. Empty if it has none." {...form.input("password")} autoComplete="off" />}
        <ErrorText>{form.error}</ErrorText>
        <Button type="submit" w="fit-content" loading={form.busy}>Store iOS file</Button>
      </Stack>
    </form>
  );
}

function AndroidForm({ path, onDone }: FormProps) {
  const form = useForm({
    initial: { kind: "account", file: null as File | null, serverKey: "" },
    check: ({ kind, file, serverKey }) => {
      if (kind === "key") return serverKey.trim() ? undefined : "Please enter the server key.";
      if (!file) return "Please choose the JSON file of the service account.";
      return file.size > maxIos ? "This file is too large: it is not that of a service account." : undefined;
    },
    submit: async ({ kind, file, serverKey }) => {
      await put(`${path}/android`, kind === "account" ? { serviceAccount: await file!.text() } : { serverKey });
      await onDone("Android key");
    },
  });
  return (
    <form {...form.props}>
      <Stack gap="sm">
        <SegmentedControl aria-label="Kind of Android key" w="fit-content" value={form.values.kind} onChange={kind => { form.set("kind", kind); form.setError(undefined); }} data={[{ value: "account", label: "Service account" }, { value: "key", label: "Server key" }]} />
        {form.values.kind === "account"
          ? <FileInput label="Service account" placeholder="Choose the JSON file" accept=".json,application/json" leftSection={<IconUpload size={16} />} {...form.input("file")} clearable clearButtonProps={{ "aria-label": "Clear the Android file" }} required />
          : <PasswordInput label="Server key" {...form.input("serverKey")} maxLength={300} autoComplete="off" required />}
        <ErrorText>{form.error}</ErrorText>
        <Button type="submit" w="fit-content" loading={form.busy}>Store Android key</Button>
      </Stack>
    </form>
  );
}
