import { useEffect, useState, type ReactNode } from "react";
import { MessageType } from "@voxfunctions/chat";
import { sizeOf } from "./format.js";
import { useTexts, useVox } from "./hooks.js";
import type { MessageView } from "./MessageLog.js";

/** The file of a message: pictures as their preview, videos and sounds to be played, others to be downloaded. */
export function Attachment({ message }: { message: MessageView }): ReactNode {
  const client = useVox();
  const { texts, locale } = useTexts();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => setBroken(false), [message.data]);
  if (message.sequence === undefined) {
    const { loaded = 0, total = 0 } = message.progress ?? {};
    return message.status === "failed" ? <span>{texts.file}</span> : <progress value={loaded} max={total || undefined} aria-label={texts.sending} />;
  }
  const address = client.mediaUrl(message.data);
  const label = message.type === MessageType.Image ? texts.photo : message.type === MessageType.Video ? texts.video : texts.file;
  if (message.type === MessageType.Image && !isBroken) {
    return (
      <a href={address} target="_blank" rel="noreferrer">
        <img className="vox-picture" src={client.mediaUrl(`preview_${message.data}`)} alt={label} loading="lazy" onError={() => setBroken(true)} />
      </a>
    );
  }
  if (message.type === MessageType.Video && !isBroken) {
    return <video className="vox-picture" src={address} controls preload="metadata" aria-label={label} onError={() => setBroken(true)} />;
  }
  const size = message.event?.size;
  return (
    <a className="vox-file" href={address} download>
      {label}{size ? ` (${sizeOf(size, locale)})` : ""}
    </a>
  );
}
