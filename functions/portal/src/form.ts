import { useForm as useMantineForm, type FormValidateInput } from "@mantine/form";
import { useState } from "react";
import { ApiError, messageOf } from "./api";
import { useAction } from "./hooks";

interface Options<V> {
  initial: V | (() => V);
  /** Rules for single fields. A form with rules shows errors at the fields, also those from the server. Other forms show all in one place. */
  fields?: FormValidateInput<V>;
  /** @returns what is wrong with the form as a whole, if anything. */
  check?: (values: V) => string | undefined;
  /** When it throws, the message is shown. */
  submit: (values: V) => Promise<unknown>;
}

/** What all forms of the portal have in common: values, checks, one submit at a time, and an error that stays until the next attempt. */
export function useForm<V extends object>({ initial, fields, check, submit }: Options<V>) {
  const [initialValues] = useState(initial);
  const form = useMantineForm<V>({ initialValues, validate: fields });
  const { busy, error, setError, run } = useAction();

  /** Runs the submit, or something else that the form does, and shows what goes wrong. One at a time. */
  const act = (action: () => Promise<unknown>) => void run(async () => {
    try {
      await action();
    } catch (e) {
      const field = fields && e instanceof ApiError ? e.field : undefined;
      if (!field || !(field in form.values)) throw e;
      form.setFieldError(field, messageOf(e));
    }
  });

  const onSubmit = form.onSubmit(values => {
    const wrong = check?.(values);
    if (wrong) setError(wrong);
    else act(() => submit(values));
  });

  return {
    values: form.values, set: form.setFieldValue, errors: form.errors, busy, error, setError, act,
    reset: () => { form.reset(); setError(undefined); },
    /** For a button where there is no form element. */
    submit: () => onSubmit(),
    /** For the form element. The browser's own messages are off, because the portal shows its own. */
    props: { onSubmit, noValidate: true },
    /** For an input of any kind but the next. */
    input: (name: keyof V & string) => form.getInputProps(name),
    /** For a checkbox or a switch. */
    checkbox: (name: keyof V & string) => form.getInputProps(name, { type: "checkbox" }),
  };
}
