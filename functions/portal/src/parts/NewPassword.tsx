import { PasswordInput, Progress, Stack, Text, type PasswordInputProps } from "@mantine/core";
import { minPassword, weakness } from "../password";

/** How hard to guess what the server accepts is, from 50 to 100: longer and of more kinds is better. */
function strength(password: string) {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(kind => kind.test(password)).length;
  return Math.min(100, 50 + (password.length - minPassword) * 5 + kinds * 5);
}

interface Props extends PasswordInputProps {
  value?: string;
  /** Names and the e-mail address of the person: a password made of them is refused. */
  own?: string[];
}

/** A new password. What the bar calls too weak is what the server refuses. */
export function NewPassword({ value = "", own = [], ...props }: Props) {
  const weak = weakness(value, ...own);
  const score = weak ? Math.min(40, value.length * 4) : strength(value);
  const [word, color] = weak ? [`Too weak. ${weak}`, "red"] : score < 75 ? ["Good", "green"] : ["Strong", "green"];
  return (
    <Stack gap={4}>
      <PasswordInput label="Password" autoComplete="new-password" description={`At least ${minPassword} characters; a few unrelated words are good.`} {...props} value={value} />
      {value && (
        <>
          <Progress value={score} color={color} size="sm" aria-label="Password strength" />
          <Text size="xs" c="dimmed" aria-live="polite">{word}</Text>
        </>
      )}
    </Stack>
  );
}
