import type { ReactNode } from "react";
import { isGroupId } from "@voxfunctions/chat";
import { useConversation, useUser } from "./hooks.js";

/** The name of a user or group. Names may be of another direction than the text around them. */
export function Name({ id }: { id: string }): ReactNode {
  const user = useUser(isGroupId(id) ? "" : id);
  const conversation = useConversation(id);
  return <bdi>{conversation?.name || user?.displayName || id}</bdi>;
}
