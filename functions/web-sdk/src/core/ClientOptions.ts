import type { MessageType } from "../api/MessageType.js";
import type { TextStore } from "../base/TextStore.js";

export interface ChatClientOptions {
  /** Address of the function app, such as `https://chat.example.com`. */
  server: string;
  projectId: string;
  /** What this device calls itself in the list of sessions; at most 64 characters. */
  device?: string;
  /** Where unsent messages are written down. Default: `localStorage` in browsers, memory elsewhere. */
  storage?: TextStore;
  /** A WebSocket class, for Node before 22. */
  webSocket?: unknown;
}

export interface SendOptions {
  /** Login id of the recipient. */
  to: string;
  data: string;
  type?: MessageType;
  contentType?: string;
  /** Default: random. The same id is never accepted twice, so use it again to repeat a message that may have been lost. */
  id?: string;
  /** False: no receipts are wanted for this message. Default: they are. */
  reports?: boolean;
}

export interface SendFileOptions {
  /** Login id of the recipient. */
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
}
