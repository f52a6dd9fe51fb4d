import type { ChangeApi } from "../api/ChangeApi.js";
import type { SettingsChange } from "../api/wire/changes.js";
import type { ConversationSettings } from "../api/wire/messages.js";

/** What the user sets for their conversations, on all their devices. The others do not notice. Each call takes the id of a conversation. */
export class Preferences {
  constructor(
    private readonly api: ChangeApi,
    private readonly learn: (settings: ConversationSettings) => void,
  ) {}

  /** @param until When it ends, in Unix milliseconds. Default: never. */
  mute(conversation: string, until = -1): Promise<ConversationSettings> {
    return this.set(conversation, { mutedUntil: until });
  }

  unmute(conversation: string): Promise<ConversationSettings> {
    return this.set(conversation, { mutedUntil: 0 });
  }

  archive(conversation: string, archived = true): Promise<ConversationSettings> {
    return this.set(conversation, { archived });
  }

  favourite(conversation: string, favourite = true): Promise<ConversationSettings> {
    return this.set(conversation, { favourite });
  }

  /** Counts the messages from `sequence` on as unread, until the user reads them or writes. The senders are not told. */
  markUnread(conversation: string, sequence: number): Promise<ConversationSettings> {
    return this.set(conversation, { unreadFrom: sequence });
  }

  /** Deletes all messages until now, for this user only. */
  async clear(conversation: string): Promise<ConversationSettings> {
    const settings = await this.api.clear(conversation);
    this.learn(settings);
    return settings;
  }

  /** Several of these at once. */
  async set(conversation: string, change: SettingsChange): Promise<ConversationSettings> {
    const settings = await this.api.settings(conversation, change);
    this.learn(settings);
    return settings;
  }
}
