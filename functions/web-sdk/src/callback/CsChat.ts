import type { TypingEvent } from "../api/wire/users.js";
import { ChatError } from "../base/ChatError.js";
import { randomId } from "../base/ids.js";
import type { ChatClient } from "../core/ChatClient.js";
import type { ChatMessage, OutgoingMessage, ReceiptChange } from "../core/ChatEvents.js";
import type { SendOptions } from "../core/ClientOptions.js";
import { isGroupId } from "../core/GroupList.js";
import { newKey } from "../files/fileKey.js";
import { recipientOf, textOf, wantsReports } from "./arguments.js";
import { codeOf, phraseOf } from "./codes.js";
import type { CsContext } from "./CsContext.js";
import { CsChanges } from "./CsChanges.js";
import type { CsRoot } from "./CsRoot.js";
import { callNow, lastFunction } from "./Dispatcher.js";
import { groupMarks } from "./groupMarks.js";
import { recentPage, wholeHistory } from "./recents.js";
import { historyEntry, isHidden, newMessage, pageOf } from "./shapes.js";

/** Milliseconds after which an app is told 202: written down, not yet accepted. SENT comes when it is. */
const QUEUED_AFTER = 30_000;

const CHAT_TYPES = { TEXT_PLAIN: 1, TEXT_HTML: 2, LOCATION: 3, IMAGE: 4, VIDEO: 5, CONTACT: 6, DOCUMENT: 7 };
const FILE_TYPES = { IMAGE: 4, VIDEO: 5, DOCUMENT: 7 };

interface CsSendOptions extends Pick<SendOptions, "mentions" | "mentionsAll" | "custom" | "silent"> {
  type?: unknown;
  reports?: unknown;
  flag?: unknown;
  replyTo?: string;
  forward?: { from: string; id: string };
}

/** `CS.chat`. */
export class CsChat extends CsChanges {
  declare readonly ChatType: typeof CHAT_TYPES;
  declare readonly ChatFileType: typeof FILE_TYPES;
  chatSeqNo = 1;
  onMessagecb: unknown = null;

  private readonly waiting = new Map<string, { callback: unknown; timer?: ReturnType<typeof setTimeout>; key?: string }>();
  private client?: ChatClient;

  constructor(
    readonly parent: CsRoot,
    context: CsContext,
  ) {
    super(context);
  }

  onMessage(handler: unknown): void {
    this.onMessagecb = handler;
  }

  sendMessage(
    recipient: string, message: unknown, type?: number, reports?: unknown, callback?: unknown, flag?: unknown,
  ): { id: string; sentTime: number } | undefined {
    if (typeof callback !== "function") callback = lastFunction([type, reports, callback, flag]);
    return this.post(recipient, message, { type, reports, flag }, callback);
  }

  /**
   * Not in the original: `{ type, reports, flag }` as for {@link sendMessage}, and `{ replyTo, mentions, mentionsAll, custom, silent }`, where `replyTo` is
   * the id of a message of the same conversation.
   */
  sendMessageWith(recipient: string, message: unknown, options: CsSendOptions, callback?: unknown): { id: string; sentTime: number } | undefined {
    return this.post(recipient, message, options ?? {}, callback);
  }

  /** Not in the original: sends a message of another conversation once more, with its file. @param from The user or group of that conversation. */
  forwardMessage(recipient: string, from: string, id: string, callback?: unknown): { id: string; sentTime: number } | undefined {
    return this.post(recipient, "", { forward: { from, id } }, callback);
  }

  private post(recipient: string, message: unknown, options: CsSendOptions, callback: unknown): { id: string; sentTime: number } | undefined {
    if (!this.guard(callback)) return undefined;
    const { type, reports, flag, replyTo, forward, ...extras } = options;
    const sent = this.stamp();
    const text = textOf(message);
    const to = recipientOf(recipient);
    const { index } = this.context;
    this.context.client().then(async (client) => {
      if (text === undefined || !to) throw new ChatError(400, "invalid_field", "A recipient and a text are needed.");
      if (this.toGroup(to, flag, client) && !this.context.isGroup(to, client)) {
        throw new ChatError(404, "group_not_found", "There is no such group.");
      }
      this.expect(sent.id, callback);
      const more: Partial<SendOptions> = extras;
      // Nothing is awaited where nothing has to be: messages leave in the order of the calls.
      if (replyTo) more.replyTo = (index.get(String(replyTo)) ?? (await index.find(client, to, String(replyTo)))).sequence;
      if (forward) more.forward = index.get(forward.id) ?? (await index.find(client, forward.from, forward.id));
      client.send({ ...more, to, data: text, type: Number(type) || 1, id: sent.id, reports: wantsReports(reports) });
    }).catch((error) => {
      this.expect(sent.id, callback);
      this.settle(sent.id, codeOf(error), String(recipient), this.toGroup(recipient, flag));
    });
    return sent;
  }

  /** Not in the original, but some documents name it. */
  sendGroupMessage(groupId: string, message: unknown, type?: number, reports?: unknown, callback?: unknown): { id: string; sentTime: number } | undefined {
    return this.sendMessage(groupId, message, type, reports, callback, false);
  }

  /** `(recipient, chatFileType, contentType, thumbnailUrl, file, reports, [projectId,] callback)` or `(recipient, file, thumbnail, callback)`. */
  sendFile(recipient: string, ...values: unknown[]): { id: string; sentTime: number; url: string } | -1 {
    const callback = lastFunction(values);
    const long = typeof values[0] !== "object";
    const file = (long ? values[3] : values[0]) as File | undefined;
    const to = recipientOf(recipient);
    if ((long && !values[0]) || !file) {
      callNow(callback, this, 400, "invalid input. chatFileType or file content is empty");
      return -1;
    }
    if (!this.guard(callback)) return -1;
    const sent = this.stamp();
    const key = newKey(file.name ?? "file");
    const [type, contentType, thumbnail] = long ? [Number(values[0]), values[1], values[2]] : [undefined, undefined, values[1]];
    this.context.client().then((client) => {
      this.expectFile(sent.id, callback, key);
      if (!to) throw new ChatError(400, "invalid_field", "A recipient is needed.");
      client.sendFile({
        to, file, id: sent.id, key, type: [4, 5, 7].includes(type ?? 0) ? type : undefined,
        contentType: typeof contentType === "string" && contentType ? contentType : undefined,
        thumbnailUrl: typeof thumbnail === "string" && thumbnail ? thumbnail : undefined,
        reports: wantsReports(long ? values[4] : undefined),
      });
    }).catch((error) => {
      this.expectFile(sent.id, callback, key);
      this.settle(sent.id, codeOf(error), String(recipient), this.toGroup(recipient, undefined));
    });
    return { ...sent, url: key };
  }

  /** Not in the original. Gives up a file on its way: its callback and SENT have code 409. @param id As sendFile returned it. */
  cancelFile(id: string): void {
    void this.context.client().then((client) => client.cancelFile(id)).catch(() => {});
  }

  /** Not in the original. Uploads a picture for a profile or a group: `callback(200, key)`. */
  uploadPhoto(file: File, callback?: unknown): void {
    this.context.answer(callback, this, async (client) => [200, await client.uploadPhoto(file)], () => "");
  }

  sendPhoto(recipient: string, file: File, callback?: unknown): ReturnType<CsChat["sendFile"]> {
    return this.sendFile(recipient, this.ChatFileType.IMAGE, file?.type, undefined, file, true, callback);
  }

  sendVideo(recipient: string, file: File, thumbnail?: unknown, callback?: unknown): ReturnType<CsChat["sendFile"]> {
    return this.sendFile(recipient, this.ChatFileType.VIDEO, file?.type, thumbnail, file, true, callback);
  }

  getHistory(recipient: string, pageSize: number, offset: number, callback?: unknown): void {
    const { size, skip } = pageOf(pageSize, offset);
    this.context.answer(callback, this, async (client) => {
      const page = recipient
        ? await client.messages({ with: String(recipient), offset: skip, size })
        : await wholeHistory(client, skip, size);
      for (const message of page.messages) this.context.index.add(message);
      const known = (conversation: string) => client.conversations.find((c) => c.id === conversation);
      const others = await groupMarks(client, page.messages);
      const history = page.messages.filter((message) => !message.deletedAt && !isHidden(client, message)).map((message) => {
        const group = isGroupId(message.conversation);
        const other = group ? others.get(message.conversation)?.(message.sequence) : known(message.conversation)?.other;
        return historyEntry(message, client.loginId ?? "", group, other);
      });
      return [200, { totalMessages: page.lastSequence - (page.firstSequence ?? 1) + 1, pageSize, history }];
    }, () => ({ totalMessages: 0, pageSize, history: [] }));
  }

  /** The guide has it here, the original SDK as `CS.contacts.getRecentContacts`. */
  getRecentContacts(pageSize: number, offset: number, callback?: unknown): void {
    recentPage(this.context, this, pageSize, offset, callback);
  }

  /** What is pending comes by itself after every log-in and reconnect; this looks once more. */
  getPendingChat(callback?: unknown): void {
    this.context.confirm(callback, this, (client) => client.synchronize(), true);
  }

  /** `()`, `(key, callback)` or `(key, projectId, callback)`: the prefix at once, the whole address through the callback. */
  getMediaURLPrefix(key?: unknown, ...values: unknown[]): string {
    const prefix = this.client?.mediaPrefix ?? `${this.context.server}/media/`;
    const callback = lastFunction([key, ...values]);
    const address = (client?: ChatClient): string => (typeof key === "string" ? (client ? client.mediaUrl(key) : prefix + key) : prefix);
    if (callback) this.context.answer(callback, this, async (client) => [200, address(client)], () => address());
    return prefix;
  }

  /** @internal */
  attach(client: ChatClient): void {
    this.client = client;
    this.attachChanges(client);
    client.on("fileProgress", ({ id, to, key, loaded, total }) => this.raise("FILE-PROGRESS", { id, remoteUser: to, url: key, loaded, total }));
    const { firstScreen } = this.context;
    client.on("message", (message) => {
      this.context.index.add(message);
      firstScreen.pass(() => this.messageCame(message));
    });
    client.on("sent", (message) => this.settle(message.id, 200, message.to, this.context.isGroup(message.to, client)));
    client.on("failed", ({ message, error }) => this.failed(message, error));
    client.on("receipt", (change) => firstScreen.pass(() => this.receiptCame(change)));
    client.on("typing", (event) => this.typingCame(event));
    client.on("restored", ({ with: remoteUser, group, lastSequence }) =>
      this.raise("RESTORED", { remoteUser, lastSequence, ...(group ? { groupid: remoteUser } : {}) }));
  }

  private messageCame(message: ChatMessage): void {
    // Apps that exist have no way to show it only when asked, or as deleted.
    if (message.hidden || message.deletedAt) return;
    // The app has shown own messages of this page itself. For those of other devices there is an event that old apps do not know and ignore.
    if (!message.mine) this.raise("NEW-MESSAGE", newMessage(message));
    else if (!message.local) this.raise("OWN-MESSAGE", newMessage(message));
  }

  private receiptCame(change: ReceiptChange): void {
    if (change.mine) return;
    const from = change.group ? { remoteUser: change.with, groupid: change.with } : { remoteUser: change.with };
    // In a group the event comes once for each member. The original does not say for whom, so `by` is an addition.
    const by = change.group ? { by: change.by } : {};
    for (const id of change.deliveredIds) this.raise("DELIVERED", { id, time: change.deliveredAt, ...from, ...by });
    for (const id of change.readIds) this.raise("READ", { id, time: change.readAt, ...from, ...by });
  }

  private typingCame(event: TypingEvent): void {
    this.raise("IS-COMPOSING", { remoteUser: event.from, groupId: event.group ?? "" });
  }

  private failed(message: OutgoingMessage, error: ChatError): void {
    this.settle(message.id, error.code, message.to, this.context.isGroup(message.to));
  }

  private stamp(): { id: string; sentTime: number } {
    this.chatSeqNo++;
    // By the server's clock, like all times that apps see: so messages are in the right order, whatever the clocks of the devices say.
    return { id: randomId(), sentTime: Date.now() + this.parent.timeOffset };
  }

  /** The flag is true for a user and false for a group. Without it, what is known of the recipient decides. */
  private toGroup(recipient: string, flag: unknown, client?: ChatClient): boolean {
    // eslint-disable-next-line eqeqeq -- as the original: 1 and "1" count as true.
    return flag === undefined || flag === null ? this.context.isGroup(String(recipient), client) : !(flag == true);
  }

  private expect(id: string, callback: unknown): void {
    const timer = setTimeout(() => {
      const waiting = this.waiting.get(id);
      if (!waiting) return;
      this.context.dispatcher.call(waiting.callback, this, 202, phraseOf(202));
      waiting.callback = undefined;
    }, QUEUED_AFTER);
    this.waiting.set(id, { callback, timer });
  }

  /** As above, without the 202 in between: a large file takes its time. */
  private expectFile(id: string, callback: unknown, key: string): void {
    this.waiting.set(id, { callback, key });
  }

  /** The response callback first, then the event. */
  private settle(id: string, code: number, recipient: string, group: boolean): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(waiting?.timer);
    const phrase = phraseOf(code);
    this.context.dispatcher.call(waiting?.callback, this, code, waiting?.key ? { status: phrase, url: waiting.key } : phrase);
    const payload = { id, status: code, remoteUser: recipient, ...(group ? { groupid: recipient } : {}) };
    this.raise("SENT", payload);
    if (code === 200) this.raise("ACCEPTED", { ...payload });
  }

  protected override isWaiting(id: string): boolean {
    return this.waiting.has(id);
  }

  protected override raise(type: string, payload: unknown): void {
    // The handler is read when it is called, so that an app may set it a little later.
    this.context.dispatcher.call((...values: unknown[]) => (this.onMessagecb as (...v: unknown[]) => void)?.apply(this, values), this, type, payload);
  }

  get super(): CsRoot {
    return this.parent;
  }
}

// On the prototype, because the guide names them `Chat.prototype.ChatFileType`.
Object.assign(CsChat.prototype, { ChatType: CHAT_TYPES, ChatFileType: FILE_TYPES });
