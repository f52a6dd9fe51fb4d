import type { Mark, MessageEvent } from "../api/wire/messages.js";
import type { ChatClient } from "../core/ChatClient.js";
import { isGroupId } from "../core/GroupList.js";

/** The status of a message in a group. It is received, and read, as soon as one of the others has received or read it. */
export type StatusOf = (sequence: number) => Mark;

/** Asks for the receipts of each group in which the user has written: one request for each group. */
export async function groupMarks(client: ChatClient, messages: MessageEvent[]): Promise<Map<string, StatusOf>> {
  const own = messages.filter((message) => isGroupId(message.conversation) && message.from === client.loginId);
  const ids = [...new Set(own.map((message) => message.conversation))];
  const found = await Promise.all(ids.map(async (id) => [id, statusOf(await client.groups.receipts(id).then(
    (receipts) => receipts.members.filter((member) => member.id !== client.loginId),
    // The user has left the group, and is not told any more.
    () => [],
  ))] as const));
  return new Map(found);
}

function statusOf(members: Mark[]): StatusOf {
  const first = (times: (number | undefined)[]): number | undefined => (times.length > 0 ? Math.min(...times.map((time) => time ?? 0)) : undefined);
  return (sequence) => {
    const delivered = members.filter((member) => member.delivered >= sequence);
    const read = members.filter((member) => member.read >= sequence);
    return {
      delivered: delivered.length > 0 ? sequence : 0,
      deliveredAt: first(delivered.map((member) => member.deliveredAt)),
      read: read.length > 0 ? sequence : 0,
      readAt: first(read.map((member) => member.readAt)),
    };
  };
}
