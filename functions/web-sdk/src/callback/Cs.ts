import { Backoff } from "../base/Backoff.js";
import { ChatError } from "../base/ChatError.js";
import { randomId } from "../base/ids.js";
import { ChatClient } from "../core/ChatClient.js";
import { ConnectionState } from "../core/ChatEvents.js";
import type { TokenProvider } from "../core/ClientOptions.js";
import type { Told } from "../core/Told.js";
import { checkProject, noProject } from "./checkProject.js";
import { codeOf, phraseOf } from "./codes.js";
import { CsCall, CsStream } from "./CsCall.js";
import { CsChat } from "./CsChat.js";
import { findServer, scriptOrigin, type CsConfig } from "./CsConfig.js";
import { CsContacts } from "./CsContacts.js";
import { CsContext } from "./CsContext.js";
import { CsGroupManagement } from "./CsGroupManagement.js";
import { deviceId } from "./deviceId.js";
import { lastFunction } from "./Dispatcher.js";
import { askPush, registerToken } from "./push.js";

/** Least time between log-ins that the app did not ask for. Milliseconds. */
const AGAIN = 60_000;

type Credentials = { loginId: string } & ({ password: string } | { token: string | TokenProvider });

function logInWith(client: ChatClient, credentials: Credentials): Promise<void> {
  const { loginId } = credentials;
  if ("password" in credentials) return client.logIn(loginId, credentials.password);
  const { token } = credentials;
  return client.logIn(typeof token === "function" ? { loginId, tokenProvider: token } : { loginId, token });
}

/** `CS`: the callback API that existing apps are written for, on top of {@link ChatClient}. */
export class Cs {
  private readonly context = new CsContext();
  readonly chat: CsChat = new CsChat(this, this.context);
  readonly contacts = new CsContacts(this, this.context);
  readonly groupManagemt = new CsGroupManagement(this, this.context);
  readonly groupManagement = this.groupManagemt;
  readonly call = new CsCall(this, this.context);
  readonly stream = new CsStream(this);

  version?: string;
  appId = "";
  clientId: string | number = 0;
  deviceId = "";
  loggedin = false;
  s3Bin = "";
  connectionState = 0;
  jsonPath = "/res/iml.json";
  // Existing apps and their scripts read or write these. They have no use here.
  localuser = "";
  OAuthToken = "";
  transportType = 0;
  osName = "Web";
  osVersion = "-";
  protoVersion = 1;
  rtcservers: unknown = { stun: "", turn: "", turnUser: "", turnPassword: "" };
  servers: unknown = { iceServers: [] };
  subscriberConnected: unknown = false;
  subscribeFlag: unknown = false;
  subscribeOfferArr: unknown = [];
  subscribeOfferObj: unknown = {};

  private client?: ChatClient;
  private configuring: Promise<string> = Promise.resolve("");
  private enteredAgainAt = -Infinity;
  private readonly signedUp = new Set<string>();
  private readonly told = new Map<string, Told>();
  // A private name, because pages and their scripts can read all other properties.
  #credentials?: Credentials;
  /** Registers this device for push messages again: devices go with their session. */
  #push?: (client: ChatClient) => Promise<unknown>;

  constructor() {
    this.context.server = scriptOrigin ?? "";
  }

  /** Server time − local time, in milliseconds. */
  get timeOffset(): number {
    return this.client?.timeOffset ?? 0;
  }

  /** Known apps write to other properties of `CS`; one that writes to this one must not fail. */
  set timeOffset(_value: number) {}

  get localUser(): string | null {
    return this.context.localUser;
  }

  set localUser(value: string | null) {
    this.context.localUser = value;
  }

  /** `(config, callback)` or `(callback)`. */
  initialize(...values: [CsConfig, unknown] | [unknown]): void {
    const callback = lastFunction(values);
    const config = (values.length === 2 && typeof values[0] === "object" && values[0]) || {};
    if ("appId" in config && config.appId) this.appId = String(config.appId);
    if ("webrtc" in config) this.rtcservers = config.webrtc;
    this.version = "0.4.10.2";
    this.clientId = "iamlive_web";
    this.deviceId ||= deviceId();
    this.configuring = findServer(config).then((server) => (this.context.server = server));
    const { appId } = this;
    this.configuring.then((server) => checkProject(server, appId)).then(
      () => this.context.dispatcher.call(callback, this, 200, "SDK initialized"),
      (error) => this.context.dispatcher.call(callback, this, codeOf(error), ChatError.of(error).message),
    );
  }

  /** `(loginId, password, callback)`, or with a push token before the callback: that of Firebase or Apple which the app's shell has got. */
  login(loginId: string, password: string, ...rest: unknown[]): void {
    this.logInAs({ loginId: String(loginId ?? ""), password: String(password ?? "") }, lastFunction(rest));
    const [token] = rest;
    this.#push = (client) => registerToken(client, token);
    this.context.entered?.then(this.#push).catch(() => {});
  }

  /**
   * With a token that the app's own server got for the user, in place of a password: the token itself, or a function that gets one, then also
   * before the session ends. `(loginId, token, callback)`; an empty loginId for whomever the token names.
   */
  loginWithToken(loginId: string, token: string | TokenProvider, callback?: unknown): void {
    this.logInAs({ loginId: String(loginId ?? ""), token: typeof token === "function" ? token : String(token ?? "") }, callback);
  }

  private logInAs(credentials: Credentials, callback: unknown): void {
    this.context.localUser = credentials.loginId;
    this.#credentials = credentials;
    this.context.firstScreen.close();
    const entered = this.enter(credentials);
    // Calls that the app makes meanwhile wait for it, and fail with it.
    this.context.entered = entered;
    entered.then(
      (client) => {
        this.loggedin = true;
        // With a token it is the server that knows who this is.
        this.context.localUser = client.loginId ?? credentials.loginId;
        this.context.dispatcher.call(callback, this, 200, phraseOf(200));
        this.context.firstScreen.begin();
      },
      (error) => {
        this.loggedin = true;
        if (this.context.entered === entered) this.#credentials = undefined;
        this.context.firstScreen.open();
        // The developer has to do something, so they are told what.
        const sentence = ["missing_project", "project_not_found"].includes(ChatError.of(error).reason);
        this.context.dispatcher.call(callback, this, codeOf(error), sentence ? ChatError.of(error).message : phraseOf(codeOf(error)));
      },
    );
  }

  /** `([options,] [callback])`: ends the session on the server and forgets everything about the user. */
  logout(...values: unknown[]): void {
    const callback = lastFunction(values);
    const everywhere = (values[0] as { everywhere?: unknown } | undefined)?.everywhere === true;
    const client = this.client;
    this.forget();
    const done = client?.logOut({ everywhere }) ?? Promise.resolve();
    void done.catch(() => {}).then(() => this.context.dispatcher.call(callback, this, 200, phraseOf(200)));
  }

  /** Works where the project lets pages create users. The user needs no activation. */
  signup(loginId: string, password: string, callback?: unknown): void {
    if (!this.context.entered) this.context.localUser = String(loginId ?? "");
    this.answerSignUp(String(loginId ?? ""), String(password ?? ""), callback, phraseOf(200));
  }

  /** 200 for a user who has signed up on this page: no code was sent, so none is checked. */
  activate(loginId: string, _code: string, callback?: unknown): void {
    const code = this.signedUp.has(String(loginId)) ? 200 : 409;
    this.context.dispatcher.call(callback, this, code, phraseOf(code));
  }

  /** As {@link signup}; a name or password that is left out is made up. The user is not deleted by itself. */
  createTempUser(...values: unknown[]): void {
    const [user, pass] = values.map((value) => (typeof value === "function" ? "" : String(value ?? "")));
    const made = { user: user || `guest_${randomId(12)}`, pass: pass || randomId(24) };
    this.answerSignUp(made.user, made.pass, lastFunction(values), made);
  }

  /**
   * `([options,] [callback])`, neither in the original: tells the user of messages in this browser, once they agree. They are asked only when the site
   * has `vox-push-sw.js`: at once when they have just pressed something, otherwise when they do so next. Options: `{ worker, page, language }`.
   */
  askPushNotificationPermission(...values: unknown[]): void {
    const callback = lastFunction(values);
    const options = values[0] !== null && typeof values[0] === "object" ? values[0] : {};
    this.context.client().then((client) => askPush(client, options)).then(
      (agreed) => {
        if (agreed) this.#push = (client) => askPush(client, options);
        this.context.dispatcher.call(callback, this, agreed ? 200 : 403, phraseOf(agreed ? 200 : 403));
      },
      (error) => this.context.dispatcher.call(callback, this, codeOf(error), ChatError.of(error).message),
    );
  }

  /** In the original SDK it sends raw messages. */
  send_msg(): void {}

  private answerSignUp(loginId: string, password: string, callback: unknown, done: unknown): void {
    this.configuring.catch(() => {})
      .then(() => this.clientFor(this.context.server, this.appId).signUp(loginId, password))
      .then(
        () => {
          this.signedUp.add(loginId);
          this.context.dispatcher.call(callback, this, 200, done);
        },
        (error) => this.context.dispatcher.call(callback, this, codeOf(error), phraseOf(codeOf(error))),
      );
  }

  private forget(): void {
    this.client = undefined;
    this.#credentials = this.#push = undefined;
    this.context.localUser = null;
    this.context.entered = undefined;
    this.context.index.clear();
    this.context.groupIds.clear();
    this.context.firstScreen.drop();
    this.loggedin = false;
    this.connectionState = 4;
  }

  private async enter(credentials: Credentials): Promise<ChatClient> {
    await this.configuring.catch(() => {});
    if (!this.appId) throw noProject();
    const client = this.clientFor(this.context.server, this.appId);
    await logInWith(client, credentials);
    // Logged out while the answer was on its way.
    if (this.client !== client) {
      void client.logOut();
      throw ChatError.loggedOut();
    }
    return client;
  }

  private clientFor(server: string, projectId: string): ChatClient {
    if (this.client?.server === server && this.client.projectId === projectId) return this.client;
    void this.client?.logOut();
    const client = new ChatClient({ server, projectId, device: this.deviceId }, this.told);
    this.chat.attach(client);
    this.contacts.attach(client);
    this.groupManagemt.attach(client);
    client.on("state", (state) => (this.connectionState = state === ConnectionState.Online ? 1 : state === ConnectionState.Connecting ? 0 : 4));
    client.on("sessionEnded", (error) => {
      if (this.client !== client) return;
      // The user does not want to be logged in anywhere. The password that this page remembers must not undo that.
      if (error.reason === "logged_out_everywhere") this.forget();
      else this.enterAgain(client);
    });
    return (this.client = client);
  }

  /**
   * Logs in again after the end of a session, as the original does, until the password is refused. Such log-ins are at least
   * a minute apart: with more devices than sessions, the devices of a user would log each other out in turn.
   */
  private enterAgain(client: ChatClient): void {
    const backoff = new Backoff(1_000, 60_000);
    const wait = Math.max(0, this.enteredAgainAt + AGAIN - Date.now());
    this.enteredAgainAt = Date.now() + wait;
    const attempt = async (): Promise<void> => {
      const credentials = this.#credentials;
      if (this.client !== client || !credentials) return;
      try {
        await logInWith(client, credentials);
        this.#push?.(client).catch(() => {});
      } catch (error) {
        if (ChatError.of(error).retryable) setTimeout(() => void attempt(), backoff.next());
        else this.#credentials = undefined;
      }
    };
    setTimeout(() => void attempt(), wait);
  }
}
