// The events of the open session, in order, each once: joins, resumes after a loss where the page
// stopped, and starts over when that is not possible.
import { Conversation } from "../model/conversation.js";
import { placeOf } from "./order.js";

export class Feed {
  #connection;
  #joining = null;

  conversation = null;
  onConversation = () => {};
  onEvent = () => {};
  onCaughtUp = () => {};
  onError = () => {};

  constructor(connection) {
    this.#connection = connection;
  }

  open(sessionId) {
    this.close();
    this.#begin(sessionId);
    this.resume();
  }

  close() {
    const left = this.conversation;
    this.conversation = null;
    this.#joining = null;
    if (left && this.#connection.online) {
      this.#connection.request({ type: "leave_session", sessionId: left.sessionId }).catch(() => {});
    }
  }

  /** After every (re)connection: continues after the last event that the page has. */
  async resume() {
    const conversation = this.conversation;
    if (!conversation || !this.#connection.online) {
      return;
    }
    const joining = {};
    this.#joining = joining;
    try {
      const { sessionId, lastSeq } = conversation;
      const snapshot = await this.#connection.request({ type: "join_session", sessionId, afterSeq: lastSeq });
      if (this.#joining === joining) {
        this.#joining = null;
        this.#joined(snapshot);
      }
    } catch (problem) {
      if (this.#joining === joining && problem.code !== "OFFLINE") {
        this.onError(problem);
      }
    } finally {
      if (this.#joining === joining) {
        this.#joining = null;
      }
    }
  }

  take(message) {
    const conversation = this.conversation;
    if (!conversation || message.seq === undefined || message.sessionId !== conversation.sessionId) {
      return;
    }
    switch (placeOf(message, conversation.lastSeq)) {
      case "next":
        conversation.apply(message);
        this.onEvent(message);
        this.#noteLevel();
        break;
      case "hole":
        if (this.#joining === null) {
          this.resume();
        }
        break;
      case "overlap":
        this.#startOver();
        break;
      default:
    }
  }

  #begin(sessionId) {
    this.conversation = new Conversation(sessionId);
    this.onConversation(this.conversation);
  }

  #joined(snapshot) {
    if (snapshot.lastSeq < this.conversation.lastSeq) {
      this.#startOver();
      return;
    }
    this.conversation.snapshot(snapshot);
    this.#noteLevel();
  }

  #noteLevel() {
    const conversation = this.conversation;
    if (!conversation.live && conversation.joinedAt !== null && conversation.lastSeq >= conversation.joinedAt) {
      conversation.live = true;
      this.onCaughtUp(conversation);
    }
  }

  // Part of a merged piece cannot be cut off, and a log that became shorter is another log.
  #startOver() {
    this.#begin(this.conversation.sessionId);
    this.resume();
  }
}
