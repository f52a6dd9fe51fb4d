import { lastFunction } from "./Dispatcher.js";
import { CsGroups } from "./CsGroups.js";

/** The methods of `CS.chat` for receipts and typing. */
export abstract class CsReceipts extends CsGroups {
  sendReadReceipt(recipient: string, chatId: string, callback?: unknown, _flag?: unknown, _chatInitiator?: unknown): void {
    this.context.confirm(callback, this, async (client) => {
      const place = await this.context.index.find(client, String(recipient), chatId);
      await client.markRead(place.conversation, place.sequence);
    });
  }

  /** The guide's name for {@link sendReadReceipt}. */
  sendRead(recipient: string, chatId: string, callback?: unknown): void {
    this.sendReadReceipt(recipient, chatId, callback);
  }

  /** Happens by itself for every incoming message. */
  sendDelivered(recipient: string, chatId: string, reports?: unknown, callback?: unknown): void {
    this.context.confirm(lastFunction([reports, callback]), this, async (client) => {
      const place = await this.context.index.find(client, String(recipient), chatId);
      await client.markDelivered(place.conversation, place.sequence);
    });
  }

  sendGroupDelivered(_recipient: string, chatId: string, groupId: string, reports?: unknown, callback?: unknown): void {
    this.sendDelivered(groupId, chatId, reports, callback);
  }

  /**
   * Call it with every key. The second argument is a group in the original, and the id of a group's message in the guide; either names the
   * group. The id of any other message changes nothing.
   */
  sendIsTyping(recipient: string, groupOrMessage?: unknown): void {
    void this.context.client().then((client) => {
      const second = String(groupOrMessage ?? "");
      const place = this.context.index.get(second)?.conversation ?? "";
      const group = [second, String(recipient ?? ""), place].find((id) => this.context.isGroup(id, client));
      client.typing(group ? { group } : { to: String(recipient) });
    }).catch(() => {});
  }

  /** Acknowledgements for the original's transport. There is nothing to do here. */
  sendChatResponse(): void {}
  sendGroupChatResponse(): void {}
}
