import { Alert, Button, Code, Group, Image, Modal, Paper, PasswordInput, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { post, put } from "../api";
import { useForm } from "../form";
import { NewPassword } from "../parts/NewPassword";
import { CopyLine, ErrorText, Page } from "../parts/Parts";
import { homeCountry, Phone } from "../parts/Phone";
import { passwordError } from "../password";
import { useSession } from "../session";
import { AuditTable } from "./Audit";

interface Setup { secret: string; uri: string; qr: string }
type Step = "add" | "remove" | "codes";

export function Account() {
  const { session, reload } = useSession();
  if (!session) return null;
  return (
    <Page title="Account and security">
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Profile />
        <ChangePassword onDone={() => void reload()} />
      </SimpleGrid>
      <SecondFactor totp={session.totp} left={session.recoveryCodes} onChange={() => void reload()} />
      <Title order={2} size="h4">Activity</Title>
      <AuditTable path="account/audit" />
    </Page>
  );
}

function Profile() {
  const { session, reload } = useSession();
  const form = useForm({
    initial: { name: session!.name, company: session!.company, phone: session!.phone, country: homeCountry() },
    submit: async values => {
      await put("account", values);
      await reload();
      notifications.show({ message: "Profile saved", color: "green" });
    },
  });
  return (
    <Paper withBorder p="lg" component="form" {...form.props}>
      <Stack>
        <Title order={2} size="h4">Profile</Title>
        <Text size="sm" c="dimmed">{session!.email}</Text>
        <TextInput label="Name" {...form.input("name")} maxLength={100} required />
        <TextInput label="Company" {...form.input("company")} maxLength={100} />
        <Phone country={form.values.country} phone={form.values.phone} onCountry={country => form.set("country", country)} onPhone={phone => form.set("phone", phone)} />
        <ErrorText>{form.error}</ErrorText>
        <Button type="submit" w="fit-content" loading={form.busy}>Save</Button>
      </Stack>
    </Paper>
  );
}

function ChangePassword({ onDone }: { onDone: () => void }) {
  const { session } = useSession();
  const form = useForm({
    initial: { password: "", newPassword: "" },
    fields: { newPassword: value => passwordError(value, session!.name, session!.email) },
    submit: async values => {
      await put("account/password", values);
      form.reset();
      onDone();
      notifications.show({ message: "Password changed; other sessions are signed out", color: "green" });
    },
  });
  return (
    <Paper withBorder p="lg" component="form" {...form.props}>
      <Stack>
        <Title order={2} size="h4">Password</Title>
        <PasswordInput label="Current password" autoComplete="current-password" {...form.input("password")} required />
        <NewPassword own={[session!.name, session!.email]} label="New password" {...form.input("newPassword")} required />
        <ErrorText>{form.error}</ErrorText>
        <Button type="submit" w="fit-content" loading={form.busy}>Change password</Button>
      </Stack>
    </Paper>
  );
}

function SecondFactor({ totp, left, onChange }: { totp: boolean; left: number; onChange: () => void }) {
  const [step, setStep] = useState<Step>();
  const [setup, setSetup] = useState<Setup>();
  const [codes, setCodes] = useState<string[]>();
  // First the password. To add an authenticator app, a code of that app comes second.
  const form = useForm({
    initial: { password: "", code: "" },
    submit: async ({ password, code }) => {
      if (setup) setCodes((await post<{ codes: string[] }>("account/totp/confirm", { code: code.trim() })).codes);
      else if (step === "add") setSetup(await post<Setup>("account/totp", { password }));
      else if (step === "codes") setCodes((await post<{ codes: string[] }>("account/recovery-codes", { password })).codes);
      else { await post("account/totp/remove", { password }); close(); }
    },
  });
  const close = () => { setStep(undefined); setSetup(undefined); setCodes(undefined); form.reset(); onChange(); };

  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2} size="h4">Two-factor sign-in</Title>
        <Text>{totp ? `Codes come from your authenticator app. ${left} recovery codes are left.` : "Codes are sent by e-mail. An authenticator app is safer, and works without e-mail."}</Text>
        <Group>
          {totp
            ? <><Button variant="default" onClick={() => setStep("codes")}>New recovery codes</Button><Button variant="default" onClick={() => setStep("remove")}>Stop using the app</Button></>
            : <Button onClick={() => setStep("add")}>Use an authenticator app</Button>}
        </Group>
      </Stack>
      <Modal opened={!!step} onClose={close} closeOnClickOutside={!codes} title={step === "add" ? "Authenticator app" : step === "codes" ? "Recovery codes" : "Stop using the authenticator app"}>
        {codes ? (
          <Stack>
            <Alert color="yellow" variant="light">Each of these codes signs you in once when you do not have your phone. They are shown only now: print them or store them in a safe place.</Alert>
            <SimpleGrid cols={2}>{codes.map(item => <Code key={item} fz="md" ta="center">{item}</Code>)}</SimpleGrid>
            <Button onClick={close}>I have stored them</Button>
          </Stack>
        ) : setup ? (
          <form {...form.props}>
            <Stack>
              <Text size="sm">Scan this with your authenticator app, then enter the code that it shows.</Text>
              <Image src={setup.qr} alt="QR code for the authenticator app" w={220} mx="auto" />
              <CopyLine label="Or enter this key" value={setup.secret} />
              <TextInput label="Code" inputMode="numeric" autoComplete="one-time-code" {...form.input("code")} maxLength={6} required data-autofocus />
              <ErrorText>{form.error}</ErrorText>
              <Button type="submit" loading={form.busy}>Confirm</Button>
            </Stack>
          </form>
        ) : (
          <form {...form.props}>
            <Stack>
              <PasswordInput label="Your password" autoComplete="current-password" {...form.input("password")} required data-autofocus />
              <ErrorText>{form.error}</ErrorText>
              <Button type="submit" loading={form.busy}>Continue</Button>
            </Stack>
          </form>
        )}
      </Modal>
    </Paper>
  );
}
