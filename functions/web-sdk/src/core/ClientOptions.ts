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
  /** Default: random. The same id is never accepted twice, so who sends again after a doubt uses it again. */
  id?: string;
}

export interface SendFileOptions {
  /** Login id of the recipient. */
  to: string;
  file: Blob;
  /** Default: the file's own. */
  name?: string;
  /** Default: by the file's MIME type. The server makes a document of what is none. */
  type?: MessageType;
  contentType?: string;
  /** Key or http(s) address of a thumbnail, where neither server nor browser can make one. */
  thumbnailUrl?: string;
  /** As for messages. */
  id?: string;
  /** Default: made of the name. */
  key?: string;
}
