import type { GroupEvent } from "../api/wire/groups.js";

/** What is known of one group: the newest event, and for each member the version of the last event about them. */
interface Known {
  newest: GroupEvent;
  concerned: Map<string, number>;
  seen: Set<string>;
}

/** More than this is forgotten. Then an event might be told twice. */
const MAX_SEEN = 1_000;

/**
 * Events of groups may come twice, or overtake each other. Of a late event, only the part that no newer event has overruled is told. The name
 * and all else about the group are always those of the newest event.
 */
export class GroupNews {
  private readonly groups = new Map<string, Known>();

  /** @returns undefined for old news. */
  take(event: GroupEvent): GroupEvent | undefined {
    const known = this.groups.get(event.group) ?? { newest: event, concerned: new Map<string, number>(), seen: new Set<string>() };
    this.groups.set(event.group, known);
    const name = `${event.version} ${event.type}`;
    if (known.seen.has(name)) return undefined;
    if (known.seen.size >= MAX_SEEN) known.seen.clear();
    known.seen.add(name);
    const { newest } = known;
    if (event.version >= newest.version) {
      known.newest = event;
      this.concern(known, event.members, event.version);
      return event;
    }
    const members = event.members.filter((member) => (known.concerned.get(member) ?? 0) < event.version);
    if (members.length === 0 || newest.type === "GROUP-DELETED") return undefined;
    this.concern(known, members, event.version);
    const { name: title, description, photo, admins, owner, version } = newest;
    return { ...event, members, name: title, description, photo, admins, owner, version };
  }

  clear(): void {
    this.groups.clear();
  }

  private concern(known: Known, members: string[], version: number): void {
    if (known.concerned.size > MAX_SEEN) known.concerned.clear();
    for (const member of members) known.concerned.set(member, version);
  }
}
