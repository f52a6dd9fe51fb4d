/** A message on its way. It is written down before the first attempt and crossed out after the server's answer. */
export interface OutboxEntry {
  id: string;
  to: string;
  data: string;
  type: number;
  contentType?: string;
  clientTime: number;
  clientSequence: number;
  reports?: boolean;
}
