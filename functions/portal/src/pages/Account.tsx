import { Alert, Button, Code, Group, Image, Modal, Paper, PasswordInput, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type FormEvent } from "react";
import { post, put } from "../api";
import { useAction } from "../hooks";
import { NewPassword } from "../parts/NewPassword";
import { CopyLine, ErrorText, Page } from "../parts/Parts";
import { homeCountry, Phone } from "../parts/Phone";
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
  const [name, setName] = useState(session!.name);
  const [company, setCompany] = useState(session!.company);
  const [phone, setPhone] = useState(session!.phone);
  const [country, setCountry] = useState(homeCountry());
  const action = useAction();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run(async () => {
      await put("account", { name, company, phone, country });
      await reload();
      notifications.show({ message: "Profile saved", color: "green" });
    });
  };
  return (
    <Paper withBorder p="lg" component="form" onSubmit={submit} noValidate>
      <Stack>
        <Title order={2} size="h4">Profile</Title>
        <Text size="sm" c="dimmed">{session!.email}</Text>
        <TextInput label="Name" value={name} onChange={event => setName(event.currentTarget.value)} maxLength={100} required />
        <TextInput label="Company" value={company} onChange={event => setCompany(event.currentTarget.value)} maxLength={100} />
        <Phone country={country} phone={phone} onCountry={setCountry} onPhone={setPhone} />
        <ErrorText>{action.error}</ErrorText>
        <Button type="submit" w="fit-content" loading={action.busy}>Save</Button>
      </Stack>
    </Paper>
  );
}

function ChangePassword({ onDone }: { onDone: () => void }) {
  const [password, setPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const action = useAction();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run(async () => {
      await put("account/password", { password, newPassword });
      setPassword("");
      setNewPassword("");
      onDone();
      notifications.show({ message: "Password changed; other sessions are signed out", color: "green" });
    });
  };
  return (
    <Paper withBorder p="lg" component="form" onSubmit={submit} noValidate>
      <Stack>
        <Title order={2} size="h4">Password</Title>
        <PasswordInput label="Current password" autoComplete="current-password" value={password} onChange={event => setPassword(event.currentTarget.value)} required />
        <NewPassword label="New password" value={newPassword} onChange={event => setNewPassword(event.currentTarget.value)} required />
        <ErrorText>{action.error}</ErrorText>
        <Button type="submit" w="fit-content" loading={action.busy}>Change password</Button>
      </Stack>
    </Paper>
  );
}

function SecondFactor({ totp, left, onChange }: { totp: boolean; left: number; onChange: () => void }) {
  const [step, setStep] = useState<Step>();
  const [password, setPassword] = useState("");
  const [setup, setSetup] = useState<Setup>();
  const [code, setCode] = useState("");
  const [codes, setCodes] = useState<string[]>();
  const action = useAction();
  const close = () => { setStep(undefined); setPassword(""); setSetup(undefined); setCode(""); setCodes(undefined); action.setError(undefined); onChange(); };

  const confirmPassword = (event: FormEvent) => {
    event.preventDefault();
    void action.run(async () => {
      if (step === "add") setSetup(await post<Setup>("account/totp", { password }));
      else if (step === "codes") setCodes((await post<{ codes: string[] }>("account/recovery-codes", { password })).codes);
      else { await post("account/totp/remove", { password }); close(); }
    });
  };
  const confirmCode = (event: FormEvent) => {
    event.preventDefault();
    void action.run(async () => setCodes((await post<{ codes: string[] }>("account/totp/confirm", { code: code.trim() })).codes));
  };

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
          <form onSubmit={confirmCode} noValidate>
            <Stack>
              <Text size="sm">Scan this with your authenticator app, then enter the code that it shows.</Text>
              <Image src={setup.qr} alt="QR code for the authenticator app" w={220} mx="auto" />
              <CopyLine label="Or enter this key" value={setup.secret} />
              <TextInput label="Code" inputMode="numeric" autoComplete="one-time-code" value={code} onChange={event => setCode(event.currentTarget.value)} maxLength={6} required data-autofocus />
              <ErrorText>{action.error}</ErrorText>
              <Button type="submit" loading={action.busy}>Confirm</Button>
            </Stack>
          </form>
        ) : (
          <form onSubmit={confirmPassword} noValidate>
            <Stack>
              <PasswordInput label="Your password" autoComplete="current-password" value={password} onChange={event => setPassword(event.currentTarget.value)} required data-autofocus />
              <ErrorText>{action.error}</ErrorText>
              <Button type="submit" loading={action.busy}>Continue</Button>
            </Stack>
          </form>
        )}
      </Modal>
    </Paper>
  );
}
