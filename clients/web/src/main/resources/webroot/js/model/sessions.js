// The list of sessions. The server does not tell about sessions that are not open here, so the list
// is asked for again now and then, and at once when something is known to have changed.
import { throttled } from "../lib/frames.js";

const EVERY_MS = 10_000;

export class Sessions {
  #connection;

  list = [];
  nextCursor = null;
  loaded = false;
  onChange = () => {};
  refreshSoon = throttled(() => this.refresh(), 1_000);

  constructor(connection) {
    this.#connection = connection;
    setInterval(() => {
      if (!document.hidden) {
        this.refresh();
      }
    }, EVERY_MS);
  }

  async refresh() {
    if (!this.#connection.online) {
      return;
    }
    try {
      const limit = Math.min(500, Math.max(100, this.list.length));
      const page = await this.#connection.request({ type: "list_sessions", limit });
      this.#show(page.sessions, page.nextCursor);
    } catch {
      // The next round asks again.
    }
  }

  async more() {
    const page = await this.#connection.request({ type: "list_sessions", cursor: this.nextCursor });
    const known = new Set(this.list.map((session) => session.id));
    this.#show([...this.list, ...page.sessions.filter((session) => !known.has(session.id))], page.nextCursor);
  }

  async create(agentType, name) {
    const { session } = await this.#connection.request({ type: "create_session", agentType, name });
    this.#show([session, ...this.list.filter((other) => other.id !== session.id)], this.nextCursor);
    return session;
  }

  /** The open session's state is known from its events, before the next list comes. */
  noteState(sessionId, state) {
    const session = this.list.find((one) => one.id === sessionId);
    if (session && session.state !== state) {
      session.state = state;
      this.onChange();
    }
  }

  #show(list, nextCursor) {
    this.list = list;
    this.nextCursor = nextCursor ?? null;
    this.loaded = true;
    this.onChange();
  }
}
