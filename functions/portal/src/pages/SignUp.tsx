import { Anchor, Button, Checkbox, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { post } from "../api";
import { useForm } from "../form";
import { keepNext, safeNext } from "../next";
import { Captcha } from "../parts/Captcha";
import { Gate } from "../parts/Gate";
import { NewPassword } from "../parts/NewPassword";
import { ErrorText } from "../parts/Parts";
import { homeCountry, Phone } from "../parts/Phone";
import { passwordError } from "../password";
import { useSession } from "../session";

export function SignUp() {
  const { info } = useSession();
  const [query] = useSearchParams();
  const next = safeNext(query.get("next"));
  const [captcha, setCaptcha] = useState("");
  const [round, setRound] = useState(0);
  const [done, setDone] = useState<"" | "sent" | "resent">("");
  const robot = () => (captcha ? undefined : "Please tick “I'm not a robot” first.");
  const again = () => { setRound(round + 1); setCaptcha(""); };

  const form = useForm({
    initial: { name: "", company: "", email: query.get("email") ?? "", phone: "", country: homeCountry(), password: "", terms: false },
    fields: {
      name: value => (value.trim() ? null : "Please enter your name."),
      email: value => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : "Please enter an e-mail address, such as name@example.com."),
      phone: value => (value.trim() ? null : "Please enter your phone number."),
      password: (value, { name, company, email }) => passwordError(value, name, company, email),
      terms: value => (value ? null : "Please read the terms and agree to them."),
    },
    check: robot,
    submit: async values => {
      try {
        await post("accounts", { ...values, email: values.email.trim(), termsVersion: values.terms ? info?.terms : undefined, captcha });
        keepNext(next);
        setDone("sent");
      } finally {
        again();
      }
    },
  });

  const resend = () => {
    const { email, password } = form.values;
    const wrong = robot();
    if (wrong) { form.setError(wrong); return; }
    form.act(async () => {
      try {
        await post("accounts/resend", { email: email.trim(), password, captcha });
        setDone("resent");
      } finally {
        again();
      }
    });
  };

  if (done)
    return (
      <Gate title="Check your e-mail">
        <Text role="status">
          {done === "resent" ? "We have sent another e-mail to " : "We have sent an e-mail to "}<b>{form.values.email.trim()}</b>. Follow the link in it within
          24 hours to activate your account.
        </Text>
        <Text size="sm" c="dimmed">Nothing there? Look into the spam folder, or have it sent again:</Text>
        <Captcha key={round} onSolved={setCaptcha} />
        <ErrorText>{form.error}</ErrorText>
        <Button variant="default" onClick={resend}>Send again</Button>
        <Anchor component={Link} to="/" underline="always">To the sign-in</Anchor>
      </Gate>
    );

  return (
    <Gate title="Sign up">
      <form {...form.props}>
        <Stack>
          <TextInput label="Name" autoComplete="name" maxLength={100} required {...form.input("name")} />
          <TextInput label="Company" autoComplete="organization" maxLength={100} {...form.input("company")} />
          <TextInput label="E-mail" type="email" autoComplete="email" maxLength={254} required {...form.input("email")} />
          <Phone
            country={form.values.country} phone={form.values.phone} error={form.errors.phone}
            onCountry={country => form.set("country", country)} onPhone={phone => form.set("phone", phone)} />
          <NewPassword own={[form.values.name, form.values.company, form.values.email]} required maxLength={256} {...form.input("password")} />
          <Captcha key={round} onSolved={setCaptcha} />
          <Checkbox
            label={<>I have read and agree to the <Anchor component={Link} to="/terms" target="_blank" underline="always" size="sm">Terms &amp; Conditions</Anchor></>}
            {...form.checkbox("terms")} />
          <ErrorText>{form.error}</ErrorText>
          <Button type="submit" loading={form.busy} fullWidth>Sign up</Button>
          <Text size="sm">You have an account? <Anchor component={Link} to={next === "/" ? "/" : `/sign-in?next=${encodeURIComponent(next)}`} underline="always" size="sm">Sign in</Anchor></Text>
        </Stack>
      </form>
    </Gate>
  );
}
