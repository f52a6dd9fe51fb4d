import { ChatError } from "../base/ChatError.js";
import type { ChatClient } from "../core/ChatClient.js";
import { isGroupId } from "../core/GroupList.js";
import { codeOf, phraseOf } from "./codes.js";
import { Dispatcher } from "./Dispatcher.js";
import { FirstScreen } from "./FirstScreen.js";
import { MessageIndex } from "./MessageIndex.js";

/** Milliseconds after which a callback is called, whatever happens, unless the call says that it needs longer. */
const LIMIT = 30_000;

/** What the parts of `CS` share. */
export class CsContext {
  readonly dispatcher = new Dispatcher();
  readonly index = new MessageIndex();
  readonly firstScreen = new FirstScreen();
  /** The login id that was passed to `login`, whether the log-in has succeeded or not. */
  localUser: string | null = null;
  server = "";
  /** The log-in that is under way or was successful. */
  entered?: Promise<ChatClient>;
  readonly groupIds = new Set<string>();

  /** Calls that come during the log-in wait for it. */
  client(): Promise<ChatClient> {
    return this.entered ?? Promise.reject(ChatError.loggedOut());
  }

  /**
   * Answers `cb(code, value)`. After a failure the value has the same shape, because apps read it without looking at the code.
   * @param limit Milliseconds after which the callback is called with 408. Default 30,000.
   * @param last Whether an app asks for this last, before it can show what is pending.
   */
  answer<T>(
    callback: unknown, target: unknown, work: (client: ChatClient) => Promise<readonly [number, T]>, failed: (code: number) => T,
    limit?: number, last = false,
  ): void {
    this.firstScreen.ask();
    within(this.client().then(work), limit).then(
      ([code, value]) => this.dispatcher.call(callback, target, code, value),
      (error) => this.dispatcher.call(callback, target, codeOf(error), failed(codeOf(error))),
    ).finally(() => this.firstScreen.answered(last));
  }

  /** The same for calls that answer with a phrase. */
  confirm(callback: unknown, target: unknown, work: (client: ChatClient) => Promise<number | void>, last = false): void {
    this.answer(callback, target, async (client) => {
      const code = (await work(client)) ?? 200;
      return [code, phraseOf(code)];
    }, phraseOf, undefined, last);
  }

  isGroup(id: string, client?: ChatClient): boolean {
    return isGroupId(id) || this.groupIds.has(id) || (client?.conversations.some((c) => c.group && c.peer === id) ?? false);
  }
}

export function within<T>(work: Promise<T>, limit = LIMIT): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ChatError(408, "timeout", "There was no answer in time.", true)), limit);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
