// Sends messages so that each becomes one turn: also when the connection is lost in between, because
// a message that was not confirmed is sent again under the same key.
import { randomId } from "../lib/random-id.js";

export class Turns {
  #connection;

  /** The message on its way: {sessionId, text, clientTurnId}. */
  pending = null;
  onChange = () => {};
  onRefused = () => {};

  constructor(connection) {
    this.#connection = connection;
  }

  start(sessionId, text) {
    this.pending = { sessionId, text, clientTurnId: randomId() };
    this.onChange();
    this.#send();
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

  /** After a reconnection. */
  resume() {
    if (this.pending) {
      this.#send();
    }
  }

  async #send() {
    const { pending } = this;
    try {
      await this.#connection.request({ type: "run_turn", ...pending });
      this.#finish(pending);
    } catch (problem) {
      if (problem.code !== "OFFLINE") {
        this.#finish(pending);
        this.onRefused(problem, pending.text);
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
