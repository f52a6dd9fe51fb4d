import { Anchor, Button, Checkbox, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { Link } from "react-router";
import { ApiError, messageOf, post } from "../api";
import { Captcha } from "../parts/Captcha";
import { Gate } from "../parts/Gate";
import { NewPassword } from "../parts/NewPassword";
import { ErrorText } from "../parts/Parts";
import { homeCountry, Phone } from "../parts/Phone";
import { useSession } from "../session";

export function SignUp() {
  const { info } = useSession();
  const [captcha, setCaptcha] = useState("");
  const [round, setRound] = useState(0);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<"" | "sent" | "resent">("");
  const form = useForm({
    initialValues: { name: "", company: "", email: "", phone: "", country: homeCountry(), password: "", terms: false },
    validate: {
      name: value => (value.trim() ? null : "Please enter your name."),
      email: value => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : "Please enter an e-mail address, such as name@example.com."),
      phone: value => (value.trim() ? null : "Please enter your phone number."),
      password: value => (value.length >= 10 ? null : "Use at least 10 characters."),
      terms: value => (value ? null : "Please read the terms and agree to them."),
    },
  });

  const again = () => { setRound(round + 1); setCaptcha(""); };
  const fail = (e: unknown) => {
    const field = e instanceof ApiError ? e.field : undefined;
    if (field && field in form.values) form.setFieldError(field, messageOf(e));
    else setError(messageOf(e));
  };

  const submit = async (values: typeof form.values) => {
    if (busy) return;
    setError(undefined);
    if (!captcha) { setError("Please tick “I'm not a robot” first."); return; }
    setBusy(true);
    try {
      await post("accounts", { ...values, email: values.email.trim(), termsVersion: values.terms ? info?.terms : undefined, captcha });
      setDone("sent");
    } catch (e) {
      fail(e);
    } finally {
      again();
      setBusy(false);
    }
  };

  const resend = async () => {
    setError(undefined);
    if (!captcha) { setError("Please tick “I'm not a robot” first."); return; }
    try {
      await post("accounts/resend", { email: form.values.email.trim(), password: form.values.password, captcha });
      setDone("resent");
    } catch (e) {
      fail(e);
    }
    again();
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
        <ErrorText>{error}</ErrorText>
        <Button variant="default" onClick={() => void resend()}>Send again</Button>
        <Anchor component={Link} to="/" underline="always">To the sign-in</Anchor>
      </Gate>
    );

  return (
    <Gate title="Sign up">
      <form onSubmit={form.onSubmit(values => void submit(values))} noValidate>
        <Stack>
          <TextInput label="Name" autoComplete="name" maxLength={100} required {...form.getInputProps("name")} />
          <TextInput label="Company" autoComplete="organization" maxLength={100} {...form.getInputProps("company")} />
          <TextInput label="E-mail" type="email" autoComplete="email" maxLength={254} required {...form.getInputProps("email")} />
          <Phone
            country={form.values.country} phone={form.values.phone} error={form.errors.phone}
            onCountry={value => form.setFieldValue("country", value)} onPhone={value => form.setFieldValue("phone", value)} />
          <NewPassword required maxLength={256} {...form.getInputProps("password")} />
          <Captcha key={round} onSolved={setCaptcha} />
          <Checkbox
            label={<>I have read and agree to the <Anchor component={Link} to="/terms" target="_blank" underline="always" size="sm">Terms &amp; Conditions</Anchor></>}
            {...form.getInputProps("terms", { type: "checkbox" })} />
          <ErrorText>{error}</ErrorText>
          <Button type="submit" loading={busy} fullWidth>Sign up</Button>
          <Text size="sm">You have an account? <Anchor component={Link} to="/" underline="always" size="sm">Sign in</Anchor></Text>
        </Stack>
      </form>
    </Gate>
  );
}
