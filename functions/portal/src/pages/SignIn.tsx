import { Alert, Anchor, Button, Checkbox, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { post } from "../api";
import { useForm } from "../form";
import { takeNext } from "../next";
import { Gate } from "../parts/Gate";
import { ErrorText } from "../parts/Parts";
import { useSession } from "../session";

interface Answer { signedIn: boolean; method?: "email" | "totp"; ticket?: string }

export function SignIn({ next }: { next: string }) {
  const { reload, lost } = useSession();
  const navigate = useNavigate();
  const [answer, setAnswer] = useState<Answer>();
  const [notice, setNotice] = useState("");

  const enter = async () => {
    await reload();
    const kept = takeNext();
    await navigate(next === "/" ? kept : next, { replace: true });
  };

  // One form with two steps: first the password, then the code, if the server asks for one.
  const form = useForm({
    initial: { email: "", password: "", code: "", remember: false },
    check: ({ email, password, code }) => {
      if (answer) return code.trim() ? undefined : "Please enter the code.";
      return email.trim() && password ? undefined : "Please enter your e-mail address and your password.";
    },
    submit: async ({ email, password, code, remember }) => {
      if (answer) {
        await post("session/verify", { ticket: answer.ticket, code: code.trim(), rememberDevice: remember });
        await enter();
        return;
      }
      const found = await post<Answer>("session", { email: email.trim(), password });
      if (found.signedIn) await enter();
      else setAnswer(found);
    },
  });

  if (answer)
    return (
      <Gate title="Enter your code">
        <form {...form.props}>
          <Stack>
            <Text>{answer.method === "email" ? <>We have sent a code to <b>{form.values.email.trim()}</b>. It is good for 10 minutes.</> : "Enter the code that your authenticator app shows, or one of your recovery codes."}</Text>
            <TextInput label="Code" {...form.input("code")} autoComplete="one-time-code" inputMode={answer.method === "email" ? "numeric" : "text"} maxLength={20} data-autofocus autoFocus required />
            <Checkbox label="Remember this device for 30 days" {...form.checkbox("remember")} />
            <ErrorText>{form.error}</ErrorText>
            <Button type="submit" loading={form.busy} fullWidth>Sign in</Button>
            <Group justify="space-between">
              <Anchor component="button" type="button" size="sm" underline="always" onClick={() => { setAnswer(undefined); form.set("code", ""); form.setError(undefined); }}>Start over</Anchor>
              {answer.method === "email" && (
                <Anchor component="button" type="button" size="sm" underline="always" onClick={() => form.act(async () => { await post("session/code", { ticket: answer.ticket }); setNotice("Another code is on its way."); })}>
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
      <form {...form.props}>
        <Stack>
          {lost && <Alert color="yellow" variant="light" role="status">Your session has ended. Sign in again, and you are back where you were.</Alert>}
          <TextInput label="E-mail" type="email" autoComplete="username" {...form.input("email")} required />
          <PasswordInput label="Password" autoComplete="current-password" {...form.input("password")} required />
          <ErrorText>{form.error}</ErrorText>
          <Button type="submit" loading={form.busy} fullWidth>Sign in</Button>
          <Group justify="space-between">
            <Anchor component={Link} to="/forgot" size="sm" underline="always">Forgot password</Anchor>
            <Anchor component={Link} to={next === "/" ? "/sign-up" : `/sign-up?next=${encodeURIComponent(next)}`} size="sm" underline="always">Sign up now</Anchor>
          </Group>
        </Stack>
      </form>
    </Gate>
  );
}
