import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from "@microsoft/signalr";
import { Backoff } from "../base/Backoff.js";
import { Pause } from "../base/Pause.js";
import { FetchClient } from "./FetchClient.js";

/** Milliseconds in which a connection must be ready. */
const START_LIMIT = 20_000;

export interface LiveChannelOptions {
  /** Asked before every attempt, because a log-in changes it. */
  url: () => string;
  /** @param refused The token that the server has refused last, if any: without a new one it would do so for ever. */
  token: (refused?: string) => Promise<string>;
  /** For Node before 22, which has no WebSocket of its own; without it, long polling is used there. */
  webSocket?: unknown;
  handlers: Record<string, (payload: never) => void>;
  /** Connected, also after every interruption. */
  onUp: (connectionId: string) => void;
  onDown: () => void;
}

/**
 * The live connection, for ever: after every loss it negotiates anew, with a token that is valid then. SignalR's own reconnecting gives up
 * after a while and repeats with the old token, so it is not used.
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

  /** There is reason to believe that it would work now. */
  hurry(): void {
    this.backoff.reset();
    this.pause.end();
  }

  /** Nobody knows whether the connection has survived: without a word from the other side it would count as up for half a minute. */
  renew(): void {
    if (this.isUp) void this.connection!.stop().catch(() => {});
    this.hurry();
  }

  /** For what does not matter when it is lost. */
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
      // The network, the service or the session: the next attempt will tell, or the session's end stops us.
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
        // Read by SignalR, although its declarations leave it out.
        ...({ WebSocket: this.options.webSocket } as object),
      })
      .configureLogging(LogLevel.None)
      .build();
    for (const [name, handler] of Object.entries(this.options.handlers)) connection.on(name, handler);
    return connection;
  }
}
