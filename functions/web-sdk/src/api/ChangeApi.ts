import type { Http } from "./Http.js";
import type {
  ChangePage, ChangeResponse, EditRequest, ReactionPage, ScheduledMessage, ScheduleRequest, SettingsChange,
} from "./wire/changes.js";
import type { ConversationSettings, MessageEvent, Place, ThreadPage } from "./wire/messages.js";

/** Goes with a change: the id that makes it harmless to repeat, and the newest tip that is known. */
export interface Repeatable {
  clientChangeId: string;
  tip?: string;
}

/** The server's endpoints for what happens to messages after they were sent, one method each. */
export class ChangeApi {
  constructor(private readonly http: Http) {}

  changes(conversation: string, after: number): Promise<ChangePage> {
    return this.http.get<ChangePage>(of(conversation, "changes"), { after });
  }

  // One attempt each, as for messages: the outbox repeats them.
  edit(place: Place, body: EditRequest): Promise<ChangeResponse> {
    return this.once("PATCH", messageOf(place), body);
  }

  delete(place: Place, scope: "everyone" | "me", more: Repeatable): Promise<ChangeResponse> {
    return this.once("DELETE", messageOf(place), undefined, { for: scope, ...more });
  }

  react(place: Place, emoji: string, more: Repeatable): Promise<ChangeResponse> {
    return this.once("PUT", messageOf(place, "/reactions"), { emoji, ...more });
  }

  unreact(place: Place, emoji: string, more: Repeatable): Promise<ChangeResponse> {
    return this.once("DELETE", messageOf(place, "/reactions"), undefined, { emoji, ...more });
  }

  pin(place: Place, pinned: boolean, more: Repeatable): Promise<ChangeResponse> {
    return this.once(pinned ? "PUT" : "DELETE", messageOf(place, "/pin"), undefined, { ...more });
  }

  reactions(place: Place, query: { emoji?: string; cursor?: string }): Promise<ReactionPage> {
    return this.http.get<ReactionPage>(messageOf(place, "/reactions"), query);
  }

  async pins(conversation: string): Promise<MessageEvent[]> {
    return (await this.http.get<{ messages: MessageEvent[] }>(of(conversation, "pins"))).messages;
  }

  thread({ conversation, sequence }: Place, query: { before?: number; size?: number }): Promise<ThreadPage> {
    return this.http.get<ThreadPage>(of(conversation, `threads/${sequence}`), query);
  }

  settings(conversation: string, change: SettingsChange): Promise<ConversationSettings> {
    return this.http.call("PATCH", of(conversation, "settings"), { body: change });
  }

  clear(conversation: string): Promise<ConversationSettings> {
    return this.http.post(of(conversation, "clear"), {});
  }

  schedule(message: ScheduleRequest): Promise<ScheduledMessage> {
    return this.http.post("scheduled", message);
  }

  async scheduled(): Promise<ScheduledMessage[]> {
    return (await this.http.get<{ scheduled: ScheduledMessage[] }>("scheduled")).scheduled;
  }

  reschedule(id: string, change: Partial<ScheduleRequest>): Promise<ScheduledMessage> {
    return this.http.call("PATCH", `scheduled/${encodeURIComponent(id)}`, { body: change });
  }

  unschedule(id: string): Promise<void> {
    return this.http.call("DELETE", `scheduled/${encodeURIComponent(id)}`);
  }

  private once(method: string, path: string, body?: unknown, query?: Record<string, string | undefined>): Promise<ChangeResponse> {
    return this.http.call(method, path, { body, query, retry: false });
  }
}

function of(conversation: string, part: string): string {
  return `conversations/${encodeURIComponent(conversation)}/${part}`;
}

function messageOf({ conversation, sequence }: Place, part = ""): string {
  return of(conversation, `messages/${sequence}${part}`);
}
