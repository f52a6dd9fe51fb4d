import { randomId } from "../base/ids.js";
import { NOT_IMPLEMENTED, phraseOf } from "./codes.js";
import type { CsContext } from "./CsContext.js";
import type { CsRoot } from "./CsRoot.js";
import { lastFunction } from "./Dispatcher.js";

/** Methods of the original for which apps do not wait. */
const SILENT = [
  "saveRecording", "deleteRecording", "sendAnswer", "sendIce", "createConference", "answerConference", "endConference", "muteConference",
  "subscribePeers", "videoCallFunct", "mediaAck", "sendAnswerConference", "sendAnswerConference1", "sendIceConference", "sendIceConference1",
];

/** What apps read of a call that does not exist. */
const noCall = () => ({ isMuted: false, isVideoMuted: false, isVideoCall: false, isScreenShared: false, type: "", status: "" });

/** Apps look into it by the id of a call, without looking whether there is such a call. */
function callList(): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>({}, {
    get: (calls, id) => Reflect.get(calls, id) ?? (typeof id === "string" && !(id in Object.prototype) && id !== "then" && id !== "toJSON" ? noCall() : undefined),
  });
}

/** The part of an RTCPeerConnection that apps touch beside a call. */
function noPeerConnection(): Record<string, unknown> {
  const nothing = (): void => {};
  const none = (): unknown[] => [];
  const named = (names: string, value: unknown): [string, unknown][] => names.split(" ").map((name) => [name, value]);
  return Object.fromEntries([
    ...named("getSenders getReceivers getTransceivers getLocalStreams getRemoteStreams", none),
    ...named("addTrack removeTrack addStream removeStream close addEventListener removeEventListener", nothing),
    ...named("connectionState iceConnectionState signalingState", "closed"),
  ]);
}

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
    Object.assign(this, { callObj: callList(), peerConnection: noPeerConnection(), activeCallId: "", remoteUser: "", screenShareArr: [] });
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
