// Sends messages so that each is heard once: one written without a connection waits for it, and one
// that was not confirmed is sent again under the same key.
import { withPaths } from "./attachments.js";
import { randomId } from "../lib/random-id.js";

export class Turns {
  #connection;

  /** The message on its way: {sessionId, text, attachments, clientTurnId, sent}. */
  pending = null;
  onChange = () => {};
  onRefused = () => {};

  constructor(connection) {
    this.#connection = connection;
  }

  start(sessionId, text, attachments = []) {
    this.pending = { sessionId, text, attachments, clientTurnId: randomId(), sent: false };
    this.onChange();
    this.#send(false);
  }

  /** Whether the running turn took the text; where it is over by now, the text is for the next one. */
  async guide(sessionId, text, attachments) {
    try {
      await this.#connection.request({ type: "steer", sessionId, text: withPaths(text, attachments) });
      return true;
    } catch (problem) {
      if (problem.code === "NO_TURN") {
        return false;
      }
      throw problem;
    }
  }

  pendingIn(conversation) {
    return this.pending && this.pending.sessionId === conversation?.sessionId ? this.pending : null;
  }

  /** The turn's first event confirms the message too, when the reply itself was lost. */
  note(event) {
    if (event.type === "turn_started" && this.pending && event.clientTurnId === this.pending.clientTurnId) {
      this.#finish(this.pending);
    }
  }

  /** After a reconnection; `running` is whether a turn runs in the session then. */
  resume(conversation, running) {
    if (this.pendingIn(conversation)) {
      this.#send(running);
    }
  }

  async #send(running) {
    const { pending } = this;
    const { sessionId, text, attachments, clientTurnId } = pending;
    if (!this.#connection.online) {
      return;
    }
    // What was sent before may be the very turn that runs: its key tells the server.
    const steers = running && !pending.sent;
    pending.sent = true;
    try {
      await this.#connection.request(
        steers
          ? { type: "steer", sessionId, text: withPaths(text, attachments) }
          : { type: "run_turn", sessionId, text, clientTurnId, ...(attachments.length > 0 && { attachments }) },
      );
      this.#finish(pending);
    } catch (problem) {
      if (problem.code !== "OFFLINE") {
        this.#finish(pending);
        this.onRefused(problem, pending);
      }
    }
  }

  #finish(pending) {
    if (this.pending === pending) {
      this.pending = null;
      this.onChange();
    }
  }
}
