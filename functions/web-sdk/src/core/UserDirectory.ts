import type { Api } from "../api/Api.js";
import type { PresenceEvent, ProfileEvent, UserInfo } from "../api/wire/users.js";

const PER_CALL = 200;
/** Questions within so many milliseconds become one call. */
const COLLECT = 5;
/** Milliseconds for which an answer is good: apps ask for names and presence of the same list, one after the other. */
const FRESH = 3_000;

export interface DirectoryEvents {
  presence(event: PresenceEvent): void;
  profile(event: ProfileEvent): void;
}

/** What is known about other users. It is looked up in batches, kept up to date by live events, and checked again after a reconnect. */
export class UserDirectory {
  private readonly users = new Map<string, UserInfo & { at: number }>();
  /** Ids for which there was no user, and when that was. */
  private readonly unknown = new Map<string, number>();
  private asking?: { ids: Set<string>; answer: Promise<void> };

  constructor(
    private readonly api: Pick<Api, "lookup">,
    private readonly events: DirectoryEvents,
  ) {}

  /** Only registered users are in the answer, in the order in which they were asked for. */
  async lookup(ids: readonly string[]): Promise<UserInfo[]> {
    const wanted = [...new Set(ids.filter((id) => typeof id === "string" && id.length > 0))];
    const missing = wanted.filter((id) => !this.isFresh(this.users.get(id)?.at ?? this.unknown.get(id)));
    if (missing.length > 0) await this.ask(missing);
    return wanted.flatMap((id) => this.users.get(id) ?? []);
  }

  learn(user: UserInfo): void {
    this.users.set(user.id, { ...user, at: Date.now() });
    this.unknown.delete(user.id);
  }

  notePresence(event: PresenceEvent): void {
    const user = this.users.get(event.user);
    if (user) Object.assign(user, { online: event.online, lastSeen: event.time });
    this.events.presence(event);
  }

  noteProfile(event: ProfileEvent): void {
    const user = this.users.get(event.user);
    if (user) Object.assign(user, { displayName: event.displayName, status: event.status, photo: event.photo });
    this.events.profile(event);
  }

  forget(id: string): void {
    this.unknown.delete(id);
  }

  /** While the connection was down, changes went unnoticed. */
  async refresh(): Promise<void> {
    const before = [...this.users.values()].map((user) => ({ ...user }));
    for (let i = 0; i < before.length; i += PER_CALL) {
      const portion = before.slice(i, i + PER_CALL);
      const now = new Map((await this.api.lookup(portion.map((user) => user.id))).map((user) => [user.id, user]));
      for (const old of portion) {
        const user = now.get(old.id);
        if (!user) continue;
        this.learn(user);
        if (user.online !== old.online) {
          this.events.presence({ user: user.id, online: user.online, time: user.lastSeen, status: user.status });
        }
        if (user.displayName !== old.displayName || user.status !== old.status || user.photo !== old.photo) {
          this.events.profile({ user: user.id, displayName: user.displayName, status: user.status, photo: user.photo });
        }
      }
    }
  }

  private isFresh(at: number | undefined): boolean {
    return at !== undefined && Math.abs(Date.now() - at) < FRESH;
  }

  private ask(ids: string[]): Promise<void> {
    if (!this.asking) {
      const asking = { ids: new Set<string>(), answer: Promise.resolve() };
      asking.answer = new Promise<void>((resolve) => setTimeout(resolve, COLLECT)).then(() => {
        this.asking = undefined;
        return this.fetch([...asking.ids]);
      });
      this.asking = asking;
    }
    for (const id of ids) this.asking.ids.add(id);
    return this.asking.answer;
  }

  private async fetch(ids: string[]): Promise<void> {
    const portions: string[][] = [];
    for (let i = 0; i < ids.length; i += PER_CALL) portions.push(ids.slice(i, i + PER_CALL));
    const found = (await Promise.all(portions.map((portion) => this.api.lookup(portion)))).flat();
    for (const user of found) this.learn(user);
    const known = new Set(found.map((user) => user.id));
    for (const id of ids) {
      if (known.has(id)) continue;
      this.users.delete(id);
      this.unknown.set(id, Date.now());
    }
  }
}
