import { Anchor, Button, Checkbox, Loader, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { messageOf, post } from "../api";
import { useForm } from "../form";
import { Gate } from "../parts/Gate";
import { NewPassword } from "../parts/NewPassword";
import { ErrorText } from "../parts/Parts";
import { passwordError } from "../password";
import { useSession } from "../session";

interface LinkDetails { email: string; hasAccount: boolean }
interface Answer { signedIn: boolean; ticket?: string }

/** A one-time link that an operator made. It makes an account, or signs in to the one that there is. */
export function Welcome() {
  const [query] = useSearchParams();
  const token = query.get("token");
  const { info, reload } = useSession();
  const navigate = useNavigate();
  const [link, setLink] = useState<LinkDetails>();
  const [broken, setBroken] = useState("");
  const [ticket, setTicket] = useState<string>();

  useEffect(() => {
    post<LinkDetails>("sign-in-links/read", { token }).then(setLink, error => setBroken(messageOf(error)));
  }, [token]);

  const form = useForm({
    initial: { name: "", company: "", password: "", terms: false, code: "" },
    fields: link && !link.hasAccount ? {
      name: value => (value.trim() ? null : "Please enter your name."),
      password: (value, { name, company }) => passwordError(value, name, company, link.email),
      terms: value => (value ? null : "Please read the terms and agree to them."),
    } : {},
    submit: async ({ name, company, password, terms, code }) => {
      if (ticket) {
        await post("session/verify", { ticket, code: code.trim(), rememberDevice: false });
      } else {
        const account = link?.hasAccount ? {} : { name, company, password, termsVersion: terms ? info?.terms : undefined };
        const answer = await post<Answer>("sign-in-links/use", { token, ...account });
        if (!answer.signedIn) {
          setTicket(answer.ticket);
          return;
        }
      }
      await reload();
      await navigate("/", { replace: true });
    },
  });

  const title = link && !link.hasAccount ? "Make your account" : "Sign in";
  if (broken)
    return <Gate title={title}><ErrorText>{broken}</ErrorText><Anchor component={Link} to="/" underline="always">To the sign-in</Anchor></Gate>;
  if (!link) return <Gate title={title}><Loader aria-label="Loading" /></Gate>;

  return (
    <Gate title={title}>
      <form {...form.props}>
        <Stack>
          {ticket ? (
            <TextInput label="Code" description="Of your authenticator app, or a recovery code." autoComplete="one-time-code" maxLength={20} autoFocus required {...form.input("code")} />
          ) : (
            <Text>{link.hasAccount ? <>This link signs you in as <b>{link.email}</b>, once.</> : <>This link makes the account of <b>{link.email}</b>, once.</>}</Text>
          )}
          {!link.hasAccount && (
            <>
              <TextInput label="Name" autoComplete="name" maxLength={100} required {...form.input("name")} />
              <TextInput label="Company" autoComplete="organization" maxLength={100} {...form.input("company")} />
              <NewPassword own={[form.values.name, form.values.company, link.email]} required maxLength={256} {...form.input("password")} />
              <Checkbox
                label={<>I have read and agree to the <Anchor component={Link} to="/terms" target="_blank" underline="always" size="sm">Terms &amp; Conditions</Anchor></>}
                {...form.checkbox("terms")} />
            </>
          )}
          {info?.mail === false && (
            <Text size="sm">
              This server cannot send e-mail yet. Set up an authenticator app on the page <b>Account</b> once you are in, or you need another link for the next sign-in.
            </Text>
          )}
          <ErrorText>{form.error}</ErrorText>
          <Button type="submit" loading={form.busy} fullWidth>{link.hasAccount ? "Sign in" : "Make account and sign in"}</Button>
        </Stack>
      </form>
    </Gate>
  );
}
