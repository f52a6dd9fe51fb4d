import { useId, useRef, useState, type ClipboardEvent, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { useConnection, useConversation, useSend, useTexts, useTyping, useUpload } from "./hooks.js";

export interface ComposerProps {
  /** A login id or a group's id. */
  peer: string;
  /** The most characters of a message. Default: 16,000, as in a server that was not told otherwise. */
  maxLength?: number;
  /** The sequence of a message that is answered. */
  replyTo?: number;
  /** After a text was sent. */
  onSent?(): void;
  className?: string;
}

/** Writes texts and sends files. Enter sends, Shift+Enter begins a line. Files can be pasted. */
export function Composer(props: ComposerProps): ReactNode {
  // What was begun for one must not be sent to another.
  return <Form key={props.peer} {...props} />;
}

function Form({ peer, maxLength = 16_000, replyTo, onSent, className }: ComposerProps): ReactNode {
  const { texts, dir } = useTexts();
  const [text, setText] = useState("");
  const send = useSend(peer);
  const upload = useUpload(peer);
  const { notify } = useTyping(peer);
  const { state } = useConnection();
  const closed = useConversation(peer)?.closed ?? false;
  const input = useRef<HTMLInputElement>(null);
  const note = useId();
  const isTooLong = text.length > maxLength;

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim() || isTooLong || closed) return;
    send(text, replyTo === undefined ? undefined : { replyTo });
    setText("");
    onSent?.();
  };
  const key = (event: KeyboardEvent) => {
    // Enter may also end a word of an input method; Safari says so by the code 229 alone.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing && event.keyCode !== 229) submit(event);
  };
  const files = (list: Iterable<File>) => {
    for (const file of list) upload(file);
  };
  const paste = (event: ClipboardEvent) => {
    // Office programs add a picture of the text.
    if (event.clipboardData.files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    files(event.clipboardData.files);
  };

  return (
    <form dir={dir} className={`vox-composer ${className ?? ""}`} onSubmit={submit}>
      <button type="button" disabled={closed} aria-label={texts.attach} title={texts.attach} onClick={() => input.current?.click()}>+</button>
      <input ref={input} type="file" multiple hidden onChange={(event) => {
        files(event.target.files ?? []);
        event.target.value = "";
      }} />
      <textarea
        dir="auto" rows={1} value={text} disabled={closed} aria-label={texts.message} placeholder={texts.message} aria-invalid={isTooLong}
        aria-describedby={note} onKeyDown={key} onPaste={paste} onChange={(event) => {
          setText(event.target.value);
          notify();
        }}
      />
      <button type="submit" disabled={!text.trim() || isTooLong || closed}>{texts.send}</button>
      <p id={note} role="status">{isTooLong ? texts.tooLong(maxLength) : state === "offline" ? texts.offline : ""}</p>
    </form>
  );
}
