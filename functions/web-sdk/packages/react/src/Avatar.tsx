import { useState, type ReactNode } from "react";
import { isGroupId } from "@voxfunctions/chat";
import { useConversation, useTexts, useUser, useVox } from "./hooks.js";

export interface AvatarProps {
  /** A login id or a group's id. */
  id: string;
  className?: string;
}

/** A user's photo, or their initial; with a mark while they are online. Names stand beside it, so it says nothing to screen readers. */
export function Avatar({ id, className }: AvatarProps): ReactNode {
  const client = useVox();
  const { texts } = useTexts();
  const group = isGroupId(id);
  const user = useUser(group ? "" : id);
  const name = useConversation(id)?.name || user?.displayName || id;
  const [broken, setBroken] = useState<string>();
  const photo = user?.photo && !user.photo.includes("/") && user.photo !== broken ? user.photo : undefined;
  return (
    <span className={`vox-avatar ${className ?? ""}`} aria-hidden="true">
      {photo
        ? <img src={client.mediaUrl(`thumb_${photo}`)} alt="" loading="lazy" onError={() => setBroken(photo)} />
        : [...name.trim()][0]?.toUpperCase() ?? "?"}
      {user?.online && <span className="vox-avatar-online" title={texts.online} />}
    </span>
  );
}
