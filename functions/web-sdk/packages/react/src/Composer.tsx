import { useId, useRef, useState, type ClipboardEvent, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { useConnection, useConversation, useSend, useTexts, useTyping, useUpload } from "./hooks.js";

export interface ComposerProps {
  /** A login id or a group's id. */
  peer: string;
  /** The most characters of a message. Default: 4,000, as in the server. */
  maxLength?: number;
  /** The sequence of a message that is answered. */
  replyTo?: number;
  /** After something was sent. */
  onSent?(): void;
  className?: string;
}

/** Writes texts and sends files. Enter sends, Shift+Enter begins a line. Files can be pasted. */
export function Composer({ peer, maxLength = 4_000, replyTo, onSent, className }: ComposerProps): ReactNode {
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
    // Enter may also end a word of an input method.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
  };
  const files = (list: Iterable<File>) => {
    for (const file of list) upload(file);
    onSent?.();
  };
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
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
