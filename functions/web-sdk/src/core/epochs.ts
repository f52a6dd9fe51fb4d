import type { Epoch } from "../api/wire/messages.js";
import type { ToldMark } from "./Told.js";

/** @returns the last sequence that has stayed the same since `epoch`, and the epoch of now. */
export function sameSince(epoch: number, epochs: readonly Epoch[] | undefined): { epoch: number; upTo: number } {
  const newer = (epochs ?? []).filter((e) => e.epoch > epoch);
  return { epoch: Math.max(epoch, ...newer.map((e) => e.epoch)), upTo: Math.min(Infinity, ...newer.map((e) => e.lastSequence)) };
}

/** What a device was told, without what a restore of the server has undone since. */
export function stillTold(told: ToldMark | undefined, epochs: readonly Epoch[] | undefined): ToldMark | undefined {
  // Nothing was told: there is nothing to undo.
  if (!told || (told.position === 0 && told.delivered === 0 && told.read === 0)) return told;
  const { epoch, upTo } = sameSince(told.epoch ?? 0, epochs);
  const { position, delivered, read } = told;
  return { position: Math.min(position, upTo), delivered: Math.min(delivered, upTo), read: Math.min(read, upTo), ...(epoch ? { epoch } : {}) };
}
