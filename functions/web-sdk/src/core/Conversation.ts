import type { ConversationSettings, Epoch, Mark, MessageEvent } from "../api/wire/messages.js";
import { Changes } from "./Changes.js";
import { sameSince } from "./epochs.js";
import type { ToldMark } from "./Told.js";

/** So many own messages are watched for receipts. Older messages have most of their receipts already. */
const MAX_UNCONFIRMED = 10_000;
/** So many messages after a gap are held while the gap is filled. The others are fetched again with the gap. */
const MAX_HELD = 1_000;

/** What this client knows about one conversation, and the order in which its messages are shown. */
export class Conversation {
  /** Everything up to here was shown, or was there before this client logged in. */
  position: number;
  /** The highest sequence that is known to exist. */
  last: number;
  lastMessage?: MessageEvent;
  /** Of its sequences, see {@link Epoch}; 0 where the server does not say. */
  epoch = 0;
  /** The name of a group. */
  name?: string;
  /** Nothing can be written here any more: the other user was deleted, or this one is not in the group. */
  closed = false;
  own: Mark = { delivered: 0, read: 0 };
  other: Mark = { delivered: 0, read: 0 };
  /** What the user has set for it, on all their devices. */
  settings: ConversationSettings;
  /** @internal */
  readonly changes = new Changes();

  /** In a group: how far each member is known to have got. */
  private readonly members = new Map<string, Mark>();
  private readonly held = new Map<number, MessageEvent>();
  /** Own messages that the other side has not read yet: sequence → id. */
  private readonly unconfirmed = new Map<number, string>();
  /** Own messages up to here are not told: they were told, or are from before the first log-in on this device. */
  silentUpTo = 0;

  /** The newest tip, and the sequence that it came with. It is in memory only: the next page gets one with what it synchronizes. */
  private newestTip?: string;
  private tipAt = 0;

  /** Everything up to here counts as read: by the user's mark, by their own messages, or because it is from before they joined. */
  private readUpTo = 0;
  /** The first message of somebody else of which the server does not know yet that it has arrived. */
  private unacknowledged?: number;
  private lastOfOthers = 0;
  /** Unread messages up to `mentionsUpTo` that mention the user, and the later ones. */
  private mentionsBefore = 0;
  private mentionsUpTo = 0;
  private mentioned: number[] = [];

  constructor(
    readonly id: string,
    readonly peer: string,
    readonly group: boolean,
    position: number,
  ) {
    this.position = this.last = position;
    this.settings = { conversation: id, version: 0 };
  }

  get hasGap(): boolean {
    return this.last > this.position;
  }

  /** Messages that the user has not read, by the server's rule: whoever answers has read everything before the answer. */
  get unread(): number {
    const unread = Math.max(0, this.last - Math.max(this.seen, this.settings.clearedThrough ?? 0));
    const { unreadFrom } = this.settings;
    return unreadFrom ? Math.max(unread, this.last - unreadFrom + 1) : unread;
  }

  /** Of these, the messages that mention the user. */
  get unreadMentions(): number {
    const before = this.seen < this.mentionsUpTo ? this.mentionsBefore : 0;
    return before + this.mentioned.filter((sequence) => sequence > this.seen).length;
  }

  private get seen(): number {
    return Math.max(this.readUpTo, this.own.read);
  }

  /** How far the app has been told. */
  get told(): ToldMark {
    const position = this.unacknowledged === undefined ? this.position : this.unacknowledged - 1;
    return { position, delivered: this.other.delivered, read: this.other.read, ...(this.epoch ? { epoch: this.epoch } : {}) };
  }

  /** Goes with the next message, which then costs the server less. */
  get tip(): string | undefined {
    return this.newestTip;
  }

  /** @param tip Undefined where the server gave none: then an older one is of no use any more. */
  noteTip(sequence: number, tip: string | undefined): void {
    if (sequence < this.tipAt || (sequence === this.tipAt && !tip)) return;
    this.tipAt = sequence;
    this.newestTip = tip;
  }

  /**
   * Takes a message that came live, by synchronizing, or as the answer to a send: whichever is first.
   * @returns the messages that may be shown now, in order: none for a duplicate or while an earlier one is missing.
   */
  accept(message: MessageEvent): MessageEvent[] {
    this.last = Math.max(this.last, message.sequence);
    if (message.sequence <= this.position || (message.sequence > this.position + 1 && this.held.size >= MAX_HELD)) return [];
    this.held.set(message.sequence, message);
    return this.release();
  }

  /** Messages up to `sequence` that are still missing will not come: goes on after them. */
  skipTo(sequence: number): MessageEvent[] {
    const rest = [...this.held.keys()].filter((held) => held <= sequence).sort((a, b) => a - b);
    const ready = rest.map((held) => this.held.get(held)!);
    for (const held of rest) this.held.delete(held);
    this.position = Math.max(this.position, sequence);
    this.last = Math.max(this.last, sequence);
    return [...ready, ...this.release()];
  }

  private release(): MessageEvent[] {
    const ready: MessageEvent[] = [];
    for (let next = this.held.get(this.position + 1); next; next = this.held.get(this.position + 1)) {
      this.held.delete(next.sequence);
      this.position = next.sequence;
      ready.push(next);
    }
    return ready;
  }

  /** Counts a message, new or from history, for the list of conversations. */
  note(message: MessageEvent, self: string): void {
    if (message.sequence >= (this.lastMessage?.sequence ?? 0)) this.lastMessage = message;
    if (message.from === self) this.noteReadUpTo(message.sequence);
    else this.noteMention(message, self);
    if (message.from === self) this.endUnread(message.sequence);
  }

  /** Counts a message that mentions the user, perhaps only since an edit. The server has counted those up to `mentionsUpTo`. */
  noteMention({ sequence, from, mentions, mentionsAll }: MessageEvent, self: string): void {
    const mentioned = from !== self && (mentions?.includes(self) || mentionsAll);
    if (mentioned && sequence > this.mentionsUpTo && !this.mentioned.includes(sequence)) this.mentioned.push(sequence);
  }

  /** A message that the app gets in a page. @returns it as it is known to be now. */
  inPage(message: MessageEvent, self: string): MessageEvent {
    if (message.from === self && message.reports !== false) this.expectReceipts(message.sequence, message.id);
    const newest = this.changes.newer(message, true);
    if (this.lastMessage?.sequence === message.sequence) this.lastMessage = newest;
    return newest;
  }

  /** The server's count of unread mentions, as of the message `last`. */
  noteMentions(count: number, last: number): void {
    this.mentionsBefore = count;
    this.mentionsUpTo = last;
    this.mentioned = this.mentioned.filter((sequence) => sequence > last);
  }

  /** @returns whether they are newer than those that were known. */
  advanceSettings(settings: ConversationSettings): boolean {
    if (settings.version <= this.settings.version) return false;
    const { hiddenSequences: _, ...known } = settings;
    this.settings = known;
    if ((this.lastMessage?.sequence ?? Infinity) <= (settings.clearedThrough ?? 0)) this.lastMessage = undefined;
    return true;
  }

  /** The user has read up to here, or written: what they had marked as unread is not unread any more. */
  endUnread(sequence: number): void {
    if (sequence >= (this.settings.unreadFrom ?? Infinity)) this.settings = { ...this.settings, unreadFrom: undefined };
  }

  /**
   * The server was restored from a backup: forgets what it does not have any more. Other messages have these sequences now, or will.
   * @returns whether anything was forgotten.
   */
  renew(epochs: readonly Epoch[] | undefined): boolean {
    const { epoch, upTo } = sameSince(this.epoch, epochs);
    if (epoch !== this.epoch && this.changes.through !== undefined) this.changes.lose();
    this.epoch = epoch;
    if (this.last <= upTo) return false;
    this.position = Math.min(this.position, upTo);
    this.last = upTo;
    for (const map of [this.held, this.unconfirmed]) for (const sequence of map.keys()) if (sequence > upTo) map.delete(sequence);
    for (const mark of [this.own, this.other, ...this.members.values()]) {
      mark.delivered = Math.min(mark.delivered, upTo);
      mark.read = Math.min(mark.read, upTo);
    }
    if ((this.lastMessage?.sequence ?? 0) > upTo) this.lastMessage = undefined;
    this.mentioned = this.mentioned.filter((sequence) => sequence <= upTo);
    this.silentUpTo = Math.min(this.silentUpTo, upTo);
    this.readUpTo = Math.min(this.readUpTo, upTo);
    this.lastOfOthers = Math.min(this.lastOfOthers, upTo);
    if ((this.unacknowledged ?? 0) > upTo) this.unacknowledged = undefined;
    this.newestTip = undefined;
    this.tipAt = 0;
    return true;
  }

  /** The server says that everything up to `sequence` counts as read. */
  noteReadUpTo(sequence: number): void {
    this.readUpTo = Math.max(this.readUpTo, sequence);
  }

  /** A message of somebody else was told. Until the server knows, a later page tells it again. */
  expectAcknowledgement(sequence: number): void {
    this.unacknowledged ??= sequence;
    this.lastOfOthers = Math.max(this.lastOfOthers, sequence);
  }

  acknowledged(sequence: number): void {
    if (sequence >= this.lastOfOthers) this.unacknowledged = undefined;
  }

  advanceOwn(mark: Mark): boolean {
    return advance(this.own, mark);
  }

  /** An own message whose receipts are still to come. */
  expectReceipts(sequence: number, id: string): void {
    if (sequence <= this.other.read) return;
    this.unconfirmed.set(sequence, id);
    if (this.unconfirmed.size > MAX_UNCONFIRMED) this.unconfirmed.delete(this.unconfirmed.keys().next().value!);
  }

  /**
   * In a group, where each member has their own marks.
   * @param from The marks before, as the server knows them: this client may not have heard of that member yet.
   * @returns the member's marks now, and own messages that the member has received and read by this, oldest first.
   */
  advanceMember(id: string, mark: Mark, from: Mark): { mark: Mark; delivered: string[]; read: string[] } | undefined {
    const known = this.members.get(id) ?? { ...from };
    const before = { ...known };
    this.members.set(id, known);
    if (!advance(known, mark)) return undefined;
    const own = [...this.unconfirmed].sort(([a], [b]) => a - b);
    const between = (after: number, upTo: number): string[] => own.filter(([s]) => s > after && s <= upTo).map(([, name]) => name);
    return { mark: known, delivered: between(before.delivered, known.delivered), read: between(before.read, known.read) };
  }

  /** The first own message that perhaps not everybody has read, among those for which `counts` is true. */
  firstWaiting(counts: (id: string) => boolean): number | undefined {
    const waiting = [...this.unconfirmed].filter(([, id]) => counts(id)).map(([sequence]) => sequence);
    return waiting.length > 0 ? Math.min(...waiting) : undefined;
  }

  /** In a group: who is known to have received a message. */
  receivedBy(sequence: number): { id: string; mark: Mark }[] {
    return [...this.members].filter(([, mark]) => mark.delivered >= sequence).map(([id, mark]) => ({ id, mark }));
  }

  /** @returns own messages that became delivered and read by this, oldest first. */
  advanceOther(mark: Mark): { delivered: string[]; read: string[] } {
    const before = { ...this.other };
    advance(this.other, mark);
    const own = [...this.unconfirmed].sort(([a], [b]) => a - b);
    const between = (after: number, upTo: number): string[] => own.filter(([s]) => s > after && s <= upTo).map(([, id]) => id);
    const changed = { delivered: between(before.delivered, this.other.delivered), read: between(before.read, this.other.read) };
    for (const [sequence] of own) if (sequence <= this.other.read) this.unconfirmed.delete(sequence);
    return changed;
  }
}

/** Marks only go forward: receipts may overtake each other. */
function advance(mark: Mark, by: Mark): boolean {
  const read = Math.max(mark.read, by.read ?? 0);
  const delivered = Math.max(mark.delivered, by.delivered ?? 0, read);
  const advanced = read > mark.read || delivered > mark.delivered;
  if (read > mark.read) mark.readAt = by.readAt;
  if (delivered > mark.delivered) mark.deliveredAt = by.deliveredAt ?? by.readAt;
  mark.read = read;
  mark.delivered = delivered;
  return advanced;
}
