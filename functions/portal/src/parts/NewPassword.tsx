import { PasswordInput, Progress, Stack, Text, type PasswordInputProps } from "@mantine/core";

/** Roughly how hard a password is to guess, from 0 to 100. The server decides whether it is accepted. */
function strength(password: string) {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(kind => kind.test(password)).length;
  const score = Math.min(100, new Set(password).size * 5 + Math.max(0, password.length - 6) * 4 + kinds * 5);
  return password.length < 10 ? Math.min(score, 30) : score;
}

const words = (score: number) => (score < 40 ? ["Too weak", "red"] : score < 70 ? ["Fair", "yellow"] : ["Strong", "green"]);

export function NewPassword({ value = "", ...props }: PasswordInputProps & { value?: string }) {
  const score = strength(value);
  const [word, color] = words(score);
  return (
    <Stack gap={4}>
      <PasswordInput label="Password" autoComplete="new-password" description="At least 10 characters; a few unrelated words are good." {...props} value={value} />
      {value && (
        <>
          <Progress value={score} color={color} size="sm" aria-label="Password strength" />
          <Text size="xs" c="dimmed" aria-live="polite">{word}</Text>
        </>
      )}
    </Stack>
  );
}
