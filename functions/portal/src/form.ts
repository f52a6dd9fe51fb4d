import { useForm as useMantineForm, type FormValidateInput } from "@mantine/form";
import { useState } from "react";
import { ApiError, messageOf } from "./api";
import { useAction } from "./hooks";

interface Options<V> {
  initial: V | (() => V);
  /** What is wrong with single fields. A form with such rules shows errors at their fields, those of the server too; others show them in one place. */
  fields?: FormValidateInput<V>;
  /** What is wrong with the form as a whole, if anything. */
  check?: (values: V) => string | undefined;
  /** The message of what it throws is shown. */
  submit: (values: V) => Promise<unknown>;
}

/** What all forms of the portal have in common: values, checks, one submit at a time, and an error that stays until the next attempt. */
export function useForm<V extends object>({ initial, fields, check, submit }: Options<V>) {
  const [initialValues] = useState(initial);
  const form = useMantineForm<V>({ initialValues, validate: fields });
  const { busy, error, setError, run } = useAction();

  /** Runs what the form does, such as its submit, and shows what goes wrong. */
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
    /** Of the form element. Without the browser's own messages: those of the portal say the same in their place. */
    props: { onSubmit, noValidate: true },
    /** Of an input. */
    input: (name: keyof V & string) => form.getInputProps(name),
    /** Of a checkbox or a switch. */
    checkbox: (name: keyof V & string) => form.getInputProps(name, { type: "checkbox" }),
  };
}
