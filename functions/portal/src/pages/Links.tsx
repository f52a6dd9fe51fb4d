import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { ApiError, post } from "../api";
import { useForm } from "../form";
import { useAction } from "../hooks";
import { Captcha } from "../parts/Captcha";
import { Gate } from "../parts/Gate";
import { NewPassword } from "../parts/NewPassword";
import { ErrorText } from "../parts/Parts";
import { useSession } from "../session";

const ToSignIn = () => <Anchor component={Link} to="/" underline="always">To the sign-in</Anchor>;

/** Asks for a click, because programs that open the links in e-mails would use up a link that works by itself. */
export function Activate() {
  const [query] = useSearchParams();
  const [done, setDone] = useState(false);
  // The link was refused: another one can be sent to the same address without typing anything again.
  const [refused, setRefused] = useState(false);
  const [renewed, setRenewed] = useState(false);
  const action = useAction();
  const token = query.get("token");
  return (
    <Gate title="Activate your account">
      {renewed ? (
        <><Text role="status">We have sent another e-mail to the same address. Follow the link in it within 24 hours.</Text><ToSignIn /></>
      ) : refused ? (
        <>
          <Text role="alert">This link was used already or has expired. A link is good for 24 hours.</Text>
          <ErrorText>{action.error}</ErrorText>
          <Button loading={action.busy} onClick={() => void action.run(async () => { await post("accounts/activate/renew", { token }); setRenewed(true); })}>
            Send a new link
          </Button>
          <ToSignIn />
        </>
      ) : done ? (
        <><Text role="status">Your account is active. You can sign in now.</Text><Button component={Link} to="/">Sign in</Button></>
      ) : (
        <>
          <Text>One click and your account is ready.</Text>
          <ErrorText>{action.error}</ErrorText>
          <Button loading={action.busy} onClick={() => void action.run(async () => { 
            try {
              await post("accounts/activate", { token });
              setDone(true);
            } catch (e) {
              if (!(e instanceof ApiError && e.code === "invalid_link")) throw e;
              setRefused(true);
            }
          })}>
            Activate account
          </Button>
          <ToSignIn />
        </>
      )}
    </Gate>
  );
}

export function Forgot() {
  const [captcha, setCaptcha] = useState("");
  const [round, setRound] = useState(0);
  const [done, setDone] = useState(false);
  const form = useForm({
    initial: { email: "" },
    check: ({ email }) => (!email.trim() ? "Please enter your e-mail address." : !captcha ? "Please tick “I'm not a robot” first." : undefined),
    submit: async ({ email }) => {
      try {
        await post("accounts/forgot", { email: email.trim(), captcha });
        setDone(true);
      } finally {
        setRound(round + 1);
        setCaptcha("");
      }
    },
  });
  return (
    <Gate title="Forgot password">
      {done ? (
        <Text role="status">If there is an account for <b>{form.values.email.trim()}</b>, we have sent an e-mail with a link to set a new password. It is good for an hour.</Text>
      ) : (
        <form {...form.props}>
          <Stack>
            <TextInput label="E-mail" type="email" autoComplete="username" {...form.input("email")} required />
            <Captcha key={round} onSolved={setCaptcha} />
            <ErrorText>{form.error}</ErrorText>
            <Button type="submit" loading={form.busy}>Send link</Button>
          </Stack>
        </form>
      )}
      <ToSignIn />
    </Gate>
  );
}

export function Reset() {
  const [query] = useSearchParams();
  const { forget } = useSession();
  const [done, setDone] = useState(false);
  const form = useForm({
    initial: { password: "" },
    submit: async ({ password }) => {
      await post("accounts/reset", { token: query.get("token"), password });
      forget();
      setDone(true);
    },
  });
  return (
    <Gate title="Set a new password">
      {done ? (
        <Text role="status">Your password is set, and all other sessions are signed out.</Text>
      ) : (
        <form {...form.props}>
          <Stack>
            <NewPassword label="New password" {...form.input("password")} required maxLength={256} />
            <ErrorText>{form.error}</ErrorText>
            <Button type="submit" loading={form.busy}>Set password</Button>
          </Stack>
        </form>
      )}
      <ToSignIn />
    </Gate>
  );
}
