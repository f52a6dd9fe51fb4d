import { Badge, Button, Group, JsonInput, PasswordInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useForm } from "../form";
import { ErrorText } from "../parts/Parts";
import { Snippet } from "../parts/Snippet";
import { bodyOf, fieldsOf, type Known } from "./examples";
import { exampleOf, type Document, type Operation, type Parameter } from "./openapi";
import { curlOf, send, type Answer, type Credentials, type Values } from "./request";

interface Props { operation: Operation; document: Document; known: Known; credentials: Credentials }

/** A form with the project's id filled in, and what the server answers. */
export function TryOut({ operation, document, known, credentials }: Props) {
  const values0 = fieldsOf(operation.id, known);
  const initial = (list: Parameter[] = []) => Object.fromEntries(list.map(({ name, required }) => [name, required ? values0[name] ?? "" : ""]));
  const [answer, setAnswer] = useState<Answer>();
  const withToken = (list: Parameter[] | undefined, all: Record<string, string>) =>
    (list ? Object.fromEntries(Object.entries(all).map(([name, value]) => [
    name, value || (name === "authtoken" ? credentials.authToken : /^(pass|password)$/.test(name) && (all.username ?? all.user) === credentials.user ? credentials.password : ""),
  ])) : all);
  const complete = ({ parameters, form, body }: Values): Values => ({
    parameters: withToken(operation.parameters, parameters), form: withToken(operation.form, form), body,
  });

  const { values, set, input, props, busy, error } = useForm<Values>({
    initial: () => ({
      parameters: initial(operation.parameters), form: initial(operation.form),
      body: operation.body ? JSON.stringify(bodyOf(operation.id, known) ?? operation.example ?? exampleOf(operation.body, document, values0), null, 2) : "",
    }),
    check: ({ parameters }) => {
      const missing = operation.parameters.find(p => p.in === "path" && !parameters[p.name]);
      if (missing) return `Please fill in ${missing.name}: it is part of the address.`;
      if (operation.auth === "server" && !credentials.apiKey) return "Enter an API key of the project first: at the top of this page.";
      return operation.auth === "user" && !credentials.accessToken ? "Log in as one of the project's users first: at the top of this page." : undefined;
    },
    submit: async filledIn => {
      setAnswer(undefined);
      try {
        setAnswer(await send(operation, complete(filledIn), credentials));
      } catch (e) {
        throw e instanceof TypeError ? new Error("The server cannot be reached: check your connection and try again.") : e;
      }
    },
  });

  const fields = (list: Parameter[] | undefined, all: Record<string, string>, set: (all: Record<string, string>) => void) => list?.map(({ name, required, description }) => {
    const Input = /^(password|pass|authtoken)$/.test(name) ? PasswordInput : TextInput;
    return (
      <Input key={name} label={name} description={description} required={required} withAsterisk={required} size="sm" autoComplete="off" value={all[name] ?? ""}
        placeholder={(name === "authtoken" && credentials.authToken) || (/^(pass|password)$/.test(name) && credentials.password) ? "the one from the top of the page" : undefined}
        onChange={event => set({ ...all, [name]: event.currentTarget.value })} />
    );
  });

  return (
    <form {...props} aria-label={`Try ${operation.id}`}>
      <Stack gap="sm">
        {(operation.parameters.length > 0 || operation.form) && (
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">{fields(operation.parameters, values.parameters, changed => set("parameters", changed))}{fields(operation.form, values.form, changed => set("form", changed))}</SimpleGrid>
        )}
        {operation.body && <JsonInput label="Body" {...input("body")} autosize minRows={3} maxRows={16} validationError="This is not JSON." styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }} />}
        <Snippet label={`${operation.id} with curl`}>{curlOf(operation, complete(values))}</Snippet>
        <ErrorText>{error}</ErrorText>
        <Group><Button type="submit" size="sm" loading={busy} color={operation.method === "DELETE" ? "red" : undefined}>Send</Button><Text size="xs" c="dimmed">This is a real call to your project.</Text></Group>
        {answer && (
          <Stack gap={6} role="status">
            <Group gap="xs"><Badge variant="light" color={answer.status < 300 ? "green" : answer.status < 400 ? "blue" : "red"}>{answer.status} {answer.statusText}</Badge><Text size="xs" c="dimmed">{answer.milliseconds} ms{answer.type && ` · ${answer.type}`}</Text></Group>
            {answer.text && <Snippet label="Answer">{answer.text}</Snippet>}
          </Stack>
        )}
      </Stack>
    </form>
  );
}
