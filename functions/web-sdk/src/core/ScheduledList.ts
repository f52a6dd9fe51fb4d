import type { ChangeApi } from "../api/ChangeApi.js";
import { MessageType } from "../api/MessageType.js";
import type { ScheduledMessage } from "../api/wire/changes.js";
import type { MessageExtras } from "../api/wire/messages.js";
import { randomId } from "../base/ids.js";
import type { SendOptions } from "./ClientOptions.js";

/** Messages that the server sends later, also when no device of the user is on. At most 100 wait at a time. */
export class ScheduledList {
  constructor(private readonly api: ChangeApi) {}

  /** @param message With `sendAt`, in Unix milliseconds: from one minute to one year ahead. */
  add({ id = randomId(), ...message }: Omit<SendOptions, "forward"> & { sendAt: number }): Promise<ScheduledMessage> {
    return this.api.schedule({ type: MessageType.Text, ...message, clientMessageId: id });
  }

  /** What waits, the next one first, and what was refused when it was due. */
  list(): Promise<ScheduledMessage[]> {
    return this.api.scheduled();
  }

  update(id: string, change: { data?: string; sendAt?: number } & MessageExtras): Promise<ScheduledMessage> {
    return this.api.reschedule(id, change);
  }

  cancel(id: string): Promise<void> {
    return this.api.unschedule(id);
  }
}
