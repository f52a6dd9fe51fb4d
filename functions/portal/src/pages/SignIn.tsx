import { Anchor, Button, Checkbox, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { Link, useNavigate } from "react-router";
import { post } from "../api";
import { useAction } from "../hooks";
import { Gate } from "../parts/Gate";
import { ErrorText } from "../parts/Parts";
import { useSession } from "../session";

interface Answer { signedIn: boolean; method?: "email" | "totp"; ticket?: string }

export function SignIn({ next }: { next: string }) {
  const { reload } = useSession();
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [answer, setAnswer] = useState<Answer>();
  const [code, setCode] = useState("");
  const [remember, setRemember] = useState(false);
  const [notice, setNotice] = useState("");
  const action = useAction();

  const enter = async () => {
    await reload();
    await navigate(next, { replace: true });
  };

  const signIn = (event: FormEvent) => {
    event.preventDefault();
    if (!email.trim() || !password) { action.setError("Please enter your e-mail address and your password."); return; }
    void action.run(async () => {
      const found = await post<Answer>("session", { email: email.trim(), password });
      if (found.signedIn) await enter();
      else setAnswer(found);
    });
  };

  const verify = (event: FormEvent) => {
    event.preventDefault();
    if (!code.trim()) { action.setError("Please enter the code."); return; }
    void action.run(async () => {
      await post("session/verify", { ticket: answer!.ticket, code: code.trim(), rememberDevice: remember });
      await enter();
    });
  };

  if (answer)
    return (
      <Gate title="Enter your code">
        <form onSubmit={verify} noValidate>
          <Stack>
            <Text>{answer.method === "email" ? <>We have sent a code to <b>{email.trim()}</b>. It is good for 10 minutes.</> : "Enter the code that your authenticator app shows, or one of your recovery codes."}</Text>
            <TextInput label="Code" value={code} onChange={event => setCode(event.currentTarget.value)} autoComplete="one-time-code" inputMode={answer.method === "email" ? "numeric" : "text"} maxLength={20} data-autofocus autoFocus required />
            <Checkbox label="Remember this device for 30 days" checked={remember} onChange={event => setRemember(event.currentTarget.checked)} />
            <ErrorText>{action.error}</ErrorText>
            <Button type="submit" loading={action.busy} fullWidth>Sign in</Button>
            <Group justify="space-between">
              <Anchor component="button" type="button" size="sm" underline="always" onClick={() => { setAnswer(undefined); setCode(""); action.setError(undefined); }}>Start over</Anchor>
              {answer.method === "email" && (
                <Anchor component="button" type="button" size="sm" underline="always" onClick={() => void action.run(async () => { await post("session/code", { ticket: answer.ticket }); setNotice("Another code is on its way."); })}>
                  Send another code
                </Anchor>
              )}
            </Group>
            <Text size="sm" role="status">{notice}</Text>
          </Stack>
        </form>
      </Gate>
    );

  return (
    <Gate title="Sign in">
      <form onSubmit={signIn} noValidate>
        <Stack>
          <TextInput label="E-mail" type="email" autoComplete="username" value={email} onChange={event => setEmail(event.currentTarget.value)} required />
          <PasswordInput label="Password" autoComplete="current-password" value={password} onChange={event => setPassword(event.currentTarget.value)} required />
          <ErrorText>{action.error}</ErrorText>
          <Button type="submit" loading={action.busy} fullWidth>Sign in</Button>
          <Group justify="space-between">
            <Anchor component={Link} to="/forgot" size="sm" underline="always">Forgot password</Anchor>
            <Anchor component={Link} to="/sign-up" size="sm" underline="always">Sign up now</Anchor>
          </Group>
        </Stack>
      </form>
    </Gate>
  );
}
