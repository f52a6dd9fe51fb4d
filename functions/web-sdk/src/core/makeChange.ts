import type { ChangeApi } from "../api/ChangeApi.js";
import type { ChangeKind, ChangeResponse } from "../api/wire/changes.js";
import { ChatError } from "../base/ChatError.js";
import type { OutboxEntry, QueuedKind } from "../outbox/OutboxEntry.js";

/** Makes a change that was written down. */
export async function makeChange(api: ChangeApi, { id, data, mentions, mentionsAll, change }: OutboxEntry, tip: string | undefined): Promise<ChangeResponse | undefined> {
  const { kind, place, emoji = "" } = change!;
  if (!place) throw new ChatError(404, "message_not_found", "The message was not sent.");
  const more = { clientChangeId: id, tip };
  switch (kind) {
    case "edit": return api.edit(place, { data, mentions, mentionsAll, ...more });
    case "delete": return api.delete(place, "everyone", more);
    case "hide": return api.delete(place, "me", more);
    case "react": return api.react(place, emoji, more);
    case "unreact": return api.unreact(place, emoji, more);
    case "pin": return api.pin(place, true, more);
    case "unpin": return api.pin(place, false, more);
  }
}

/** As the event names it. Deleting for oneself changes nothing for the others. */
export const KINDS: Record<QueuedKind, ChangeKind | undefined> = {
  edit: "edited", delete: "deleted", hide: undefined, react: "reaction", unreact: "reaction", pin: "pinned", unpin: "unpinned",
};
