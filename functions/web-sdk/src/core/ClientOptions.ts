import type { MessageType } from "../api/MessageType.js";
import type { MessageExtras, Place } from "../api/wire/messages.js";
import type { TextStore } from "../base/TextStore.js";

/** Gets a token for the user from your own server. It is asked before the session ends, and when the server refuses the session. */
export type TokenProvider = () => string | Promise<string>;

export interface TokenLogIn {
  /** From your own server. Without one, the provider is asked at once. */
  token?: string;
  /** Whom the token must be for. Default: whoever it names. */
  loginId?: string;
  /** Default: that of the client's options. Without one, the session ends with the token. */
  tokenProvider?: TokenProvider;
}

export interface ChatClientOptions {
  /** Address of the function app, such as `https://chat.example.com`. */
  server: string;
  projectId: string;
  /** For log-ins with tokens: see {@link TokenProvider}. */
  tokenProvider?: TokenProvider;
  /** What this device calls itself in the list of sessions; at most 64 characters. */
  device?: string;
  /** Where unsent messages are written down. Default: `localStorage` in browsers, memory elsewhere. */
  storage?: TextStore;
  /** A WebSocket class, for Node before 22. */
  webSocket?: unknown;
}

export interface SendOptions extends MessageExtras {
  /** Login id of the recipient, or a group's id. */
  to: string;
  /** Needed, unless the message is forwarded. */
  data?: string;
  type?: MessageType;
  contentType?: string;
  /** Default: random. The same id is never accepted twice, so use it again to repeat a message that may have been lost. */
  id?: string;
  /** False: no receipts are wanted for this message. Default: they are. */
  reports?: boolean;
  /** The sequence of the message of this conversation that is answered. */
  replyTo?: number;
  /** The sequence of the message whose thread it goes into. Without `replyTo` it quotes that message. */
  thread?: number;
  /** A message that this user can see, to be sent once more, with its file if it has one. Then `data` and `type` are not used. */
  forward?: Place;
}

export interface SendFileOptions extends MessageExtras {
  /** Login id of the recipient, or a group's id. */
  to: string;
  file: Blob;
  /** Default: the file's own name. */
  name?: string;
  /** Default: by the file's MIME type. When the content is something else, the server makes it a document. */
  type?: MessageType;
  contentType?: string;
  /** Key of a thumbnail, where neither server nor browser can make one. An address of another server is ignored. */
  thumbnailUrl?: string;
  /** As with messages. */
  id?: string;
  /** Default: a new key, made from the name. */
  key?: string;
  /** As with messages. */
  reports?: boolean;
  /** As with messages. */
  replyTo?: number;
  /** As with messages. */
  thread?: number;
}
