import { randomId } from "../base/ids.js";
import { NOT_IMPLEMENTED, phraseOf } from "./codes.js";
import type { CsContext } from "./CsContext.js";
import type { CsRoot } from "./CsRoot.js";
import { lastFunction } from "./Dispatcher.js";

/** Methods of the original for which apps do not wait. */
const SILENT = [
  "saveRecording", "deleteRecording", "sendAnswer", "sendIce", "createConference", "answerConference", "endConference", "muteConference",
  "subscribePeers", "videoCallFunct", "sendAnswerConference", "sendAnswerConference1", "sendIceConference", "sendIceConference1",
];

/** `CS.call`: calls are not served, but apps touch it when they load and log in, and write their own properties to it. */
export class CsCall {
  onMessagecb: unknown = null;
  [property: string]: unknown;

  constructor(parent: CsRoot, context: CsContext) {
    const refuse = (...values: unknown[]): void =>
      context.dispatcher.call(lastFunction(values), this, NOT_IMPLEMENTED, phraseOf(NOT_IMPLEMENTED));
    const unknownCall = (...values: unknown[]): void => context.dispatcher.call(lastFunction(values), this, 400, "Unknown callId");
    const start = (...values: unknown[]): string => {
      refuse(...values);
      return randomId();
    };
    Object.assign(this, Object.fromEntries(SILENT.map((name) => [name, refuse])), {
      onMessage: (handler: unknown) => {
        this.onMessagecb = handler;
      },
      startCall: start,
      startPSTNCall: start,
      answer: unknownCall,
      decline: unknownCall,
      end: unknownCall,
      mute: () => {},
      isMuted: () => false,
      getMediaStream: refuse,
      RegisterPSTN: (...values: unknown[]) => context.dispatcher.call(lastFunction(values), this, NOT_IMPLEMENTED, phraseOf(NOT_IMPLEMENTED)),
      // Known apps show the chat history from inside this callback.
      getHistory: (_recipient: unknown, pageSize: unknown, _offset: unknown, callback: unknown) =>
        context.dispatcher.call(callback, this, 200, { totalMessages: 0, pageSize, history: [] }),
    });
    Object.defineProperty(this, "super", { value: parent, enumerable: false });
  }
}

/** `CS.stream`: it only exists, because apps touch it. */
export class CsStream {
  [property: string]: unknown;

  constructor(parent: CsRoot) {
    Object.defineProperty(this, "super", { value: parent, enumerable: false });
  }

  onMessage(): void {}
}
