/** Where messages are shown and written: a conversation, or a thread in one. */
export class Room {
  /** The same for the same room. */
  readonly key: string;

  /** @param thread The sequence of the message that the thread is about. Absent: the conversation itself. */
  constructor(
    readonly peer: string,
    readonly thread?: number,
  ) {
    this.key = thread === undefined ? peer : `${peer} ${thread}`;
  }
}
