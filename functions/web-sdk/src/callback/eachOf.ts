import { ChatError } from "../base/ChatError.js";
import { idsOf } from "./shapes.js";

/** Calls at a time for a list of ids. */
const PARALLEL = 4;

/** Does something for each id of a list, or for a single one, a few at a time. The first failure is that of the whole call. */
export async function eachOf(ids: unknown, work: (id: string) => Promise<unknown>): Promise<void> {
  const rest = [...new Set(idsOf(ids))].filter((id) => id !== "");
  if (rest.length === 0) throw new ChatError(400, "missing_field", "There is no id.");
  const next = async (): Promise<void> => {
    for (let id = rest.shift(); id !== undefined; id = rest.shift()) await work(id);
  };
  await Promise.all(Array.from({ length: PARALLEL }, next));
}
