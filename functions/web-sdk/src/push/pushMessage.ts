/** What the server sends to a browser, decrypted. */
export interface PushMessage {
  /** The same however often this message is told of. */
  id: string;
  /** Of the conversation: a newer one takes the place of an older one. */
  tag: string;
  title: string;
  body: string;
  conversation: string;
  /** Whom the user writes to in the conversation; absent when the project hides it. */
  to?: string;
  sequence: number;
  sentAt: number;
  silent?: boolean;
  /** With it the worker says that the message has arrived. */
  receipt?: string;
}
