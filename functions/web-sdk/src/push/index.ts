export { voxPush, type PushOptions } from "./voxPush.js";
export type { PushMessage } from "./pushMessage.js";
