// The shapes of /api/v1/ (docs/api.md): files. Times are Unix milliseconds of the server's clock.
import type { MessageExtras, SendResponse } from "./messages.js";

export interface BeginUploadRequest {
  name: string;
  size: number;
  contentType?: string;
  kind?: "file" | "photo" | "thumbnail";
  key?: string;
}

export interface UploadResponse {
  id: string;
  key: string;
  /** An address that lets this client write this one blob, for a limited time. */
  url: string;
  blockSize: number;
  expiresAt: number;
  resumableUntil: number;
  /** Numbers of the blocks that have arrived. */
  blocks: number[];
}

export interface CompleteUploadRequest extends MessageExtras {
  to?: string;
  type?: number;
  clientMessageId?: string;
  thumbnailUrl?: string;
  thumbnailUpload?: string;
  clientTime?: number;
  clientSequence?: number;
  /** As with messages. */
  reports?: boolean;
  /** The sequence of a message of the same conversation. */
  replyTo?: number;
  /** The sequence of the message whose thread it goes into. */
  thread?: number;
}

export interface CompletedUpload {
  key: string;
  size: number;
  /** 7 (a document) when the content is not what the client claimed. */
  type: number;
  contentType: string;
  thumbnail?: string;
  preview?: string;
  width?: number;
  height?: number;
  /** Why there is no thumbnail, or why the file became a document. */
  reason?: string;
  message?: SendResponse;
}
