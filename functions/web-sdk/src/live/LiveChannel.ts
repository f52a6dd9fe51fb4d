import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from "@microsoft/signalr";
import { Backoff } from "../base/Backoff.js";
import { Pause } from "../base/Pause.js";
import { FetchClient } from "./FetchClient.js";

/** Milliseconds in which a connection must be ready. */
const START_LIMIT = 20_000;

export interface LiveChannelOptions {
  /** Asked before every attempt, because a log-in changes it. */
  url: () => string;
  /** @param refused The token that the server has refused last, if any. The same token would be refused again, for ever. */
  token: (refused?: string) => Promise<string>;
  /** For Node before 22, which has no WebSocket of its own; without it, long polling is used there. */
  webSocket?: unknown;
  handlers: Record<string, (payload: never) => void>;
  /** Called when the connection is there: the first time, and after every interruption. */
  onUp: (connectionId: string) => void;
  onDown: () => void;
}

/**
 * Keeps the live connection up until it is stopped. After every loss it negotiates anew, with a token that is valid then. SignalR's own
 * reconnecting is not used, because it gives up after a while and repeats with the old token.
 */
export class LiveChannel {
  private connection?: HubConnection;
  private readonly pause = new Pause();
  private readonly backoff = new Backoff(300, 30_000);
  /** Each start has a number: a loop that was stopped while it waited must not go on beside its successor. */
  private generation = 0;
  private running = 0;
  private refused?: string;

  constructor(private readonly options: LiveChannelOptions) {}

  get isUp(): boolean {
    return this.connection?.state === HubConnectionState.Connected;
  }

  get connectionId(): string | undefined {
    return this.connection?.connectionId ?? undefined;
  }

  start(): void {
    if (this.running) return;
    this.running = ++this.generation;
    void this.run(this.running);
  }

  stop(): void {
    this.running = 0;
    this.pause.end();
    void this.connection?.stop().catch(() => {});
  }

  /** Tries at once: there is reason to believe that it works now. */
  hurry(): void {
    this.backoff.reset();
    this.pause.end();
  }

  /** Connects anew, when nobody knows whether the connection has survived. A dead one would count as up for half a minute. */
  renew(): void {
    if (this.isUp) void this.connection!.stop().catch(() => {});
    this.hurry();
  }

  /** Sends something that may be lost without harm. */
  send(name: string, payload: unknown): void {
    if (this.isUp) void this.connection!.send(name, payload).catch(() => {});
  }

  private async run(generation: number): Promise<void> {
    while (this.running === generation) {
      const connection = this.build();
      const closed = new Promise<void>((resolve) => connection.onclose(() => resolve()));
      if (await this.open(connection, generation)) {
        this.backoff.reset();
        this.options.onUp(connection.connectionId ?? "");
        await closed;
        this.options.onDown();
      }
      if (this.running === generation) await this.pause.wait(this.backoff.next());
    }
  }

  private async open(connection: HubConnection, generation: number): Promise<boolean> {
    this.connection = connection;
    const limit = setTimeout(() => void connection.stop().catch(() => {}), START_LIMIT);
    try {
      await connection.start();
      if (this.running === generation) return true;
      await connection.stop();
    } catch {
      // The network, the service or the session has failed. The next attempt will show, or the end of the session stops us.
    } finally {
      clearTimeout(limit);
    }
    return false;
  }

  private build(): HubConnection {
    const connection = new HubConnectionBuilder()
      .withUrl(this.options.url(), {
        accessTokenFactory: () => this.options.token(this.refused),
        httpClient: new FetchClient((token) => (this.refused = token)),
        withCredentials: false,
        // SignalR reads this option, although its declarations leave it out.
        ...({ WebSocket: this.options.webSocket } as object),
      })
      .configureLogging(LogLevel.None)
      .build();
    for (const [name, handler] of Object.entries(this.options.handlers)) connection.on(name, handler);
    return connection;
  }
}
