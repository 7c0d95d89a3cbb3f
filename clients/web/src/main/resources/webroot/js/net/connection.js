// One connection to the gateway that mends itself: opening, requests and their replies, a sign of
// life, and new attempts after a loss. What a session needs to go on without a hole is feed.js.
import { Backoff } from "./backoff.js";
import { Requests } from "./requests.js";

const PROTOCOL_ERROR = 4400;
const NOT_AUTHENTICATED = 4401;
const ORIGIN_REFUSED = 4403;

export class Connection {
  #address;
  #socket = null;
  #backoff = new Backoff();
  #requests = new Requests((message) => this.#send(message));
  #retryTimer = null;
  #heartbeatMs = 30_000;
  #lastHeard = 0;

  /** `connecting`, `online`, `offline` (an attempt follows) or `refused` (none does). */
  status = "connecting";
  retryAt = null;
  reason = null;
  onMessage = () => {};
  onStatus = () => {};

  constructor(address) {
    this.#address = address;
    setInterval(() => this.#checkLife(), 5_000);
    addEventListener("online", () => this.connectNow());
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.status === "offline") {
        this.connectNow();
      }
    });
  }

  get online() {
    return this.status === "online";
  }

  connectNow() {
    if (this.#socket === null) {
      clearTimeout(this.#retryTimer);
      this.#connect();
    }
  }

  /** The direct reply to a message; rejects with a RequestError. */
  request(message) {
    return this.#requests.make(message, this.online);
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  #connect() {
    this.#change("connecting");
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    this.#lastHeard = Date.now();
    socket.onmessage = (frame) => this.#hear(JSON.parse(frame.data));
    socket.onclose = (event) => {
      if (this.#socket === socket) {
        this.#lost(event.code, event.reason);
      }
    };
  }

  #hear(message) {
    this.#lastHeard = Date.now();
    switch (message.type) {
      case "connected":
        this.#heartbeatMs = message.heartbeatIntervalMs ?? this.#heartbeatMs;
        break;
      case "authenticated":
        this.#backoff.reset();
        this.reason = null;
        this.#change("online");
        break;
      case "welcome":
        if (message.requiresAuth) {
          this.reason = "Sign in to use this server.";
        }
        break;
      case "server_shutdown":
        this.reason = "The server is restarting.";
        break;
      default:
    }
    this.#requests.settle(message);
    this.onMessage(message);
  }

  #lost(code, reason) {
    this.#socket = null;
    this.#requests.failAll();
    if (code === NOT_AUTHENTICATED || code === ORIGIN_REFUSED || code === PROTOCOL_ERROR) {
      this.reason ??= reason || "The server refused this page.";
      this.#change("refused");
      return;
    }
    const wait = this.#backoff.next();
    this.retryAt = Date.now() + wait;
    this.#retryTimer = setTimeout(() => this.#connect(), wait);
    this.#change("offline");
  }

  // A connection can be dead without anybody saying so: silence is asked about, then taken for a loss.
  #checkLife() {
    const silence = Date.now() - this.#lastHeard;
    if (this.#socket === null || silence < this.#heartbeatMs) {
      return;
    }
    if (silence > 2 * this.#heartbeatMs) {
      const dead = this.#socket;
      this.#lost(0, "");
      dead.close();
    } else if (this.online) {
      this.#send({ type: "ping", ts: Date.now() });
    }
  }

  #change(status) {
    this.status = status;
    this.onStatus(status);
  }
}
