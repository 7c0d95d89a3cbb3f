// The list of sessions. The server tells when one is created, renamed, archived or deleted, but not
// of the states of sessions that are not open here, so the list is asked for again now and then.
import { throttled } from "../lib/frames.js";
import { agentName } from "./names.js";

const EVERY_MS = 10_000;
const MOST_SEARCHED = 5_000;

export class Sessions {
  #connection;

  list = [];
  nextCursor = null;
  loaded = false;
  showsArchived = false;
  #words = [];
  onChange = () => {};
  refreshSoon = throttled(() => this.refresh(), 1_000);

  constructor(connection) {
    this.#connection = connection;
    // Also while nobody looks: an agent may begin to wait for somebody.
    setInterval(() => this.refresh(), EVERY_MS);
  }

  async refresh() {
    if (!this.#connection.online) {
      return;
    }
    try {
      const limit = Math.min(500, Math.max(100, this.list.length));
      const includeArchived = this.showsArchived;
      const page = await this.#connection.request({ type: "list_sessions", limit, includeArchived });
      this.#show(page.sessions, page.nextCursor);
    } catch {
      // The next round asks again.
    }
  }

  async more() {
    const page = await this.#connection.request({
      type: "list_sessions",
      cursor: this.nextCursor,
      limit: 500,
      includeArchived: this.showsArchived,
    });
    const known = new Set(this.list.map((session) => session.id));
    this.#show([...this.list, ...page.sessions.filter((session) => !known.has(session.id))], page.nextCursor);
  }

  /** The sessions of the list that fit what is searched for. */
  get found() {
    return this.list.filter(({ name, agentType }) => {
      const text = `${name} ${agentName(agentType)}`.toLowerCase();
      return this.#words.every((word) => text.includes(word));
    });
  }

  get isSearched() {
    return this.#words.length > 0;
  }

  /** Every word has to be in the name of a session, or of its agent. */
  async search(text) {
    this.#words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.onChange();
    // What is on no page yet is searched, too.
    while (this.isSearched && this.nextCursor !== null && this.list.length < MOST_SEARCHED) {
      await this.more();
    }
  }

  /** `model` is null for the default. */
  async create(agentType, name, model) {
    const { session } = await this.#connection.request({ type: "create_session", agentType, name, ...(model && { model }) });
    this.#show([session, ...this.list.filter((other) => other.id !== session.id)], this.nextCursor);
    return session;
  }

  rename({ id }, name) {
    return this.#change({ type: "rename_session", sessionId: id, name });
  }

  archive({ id, archived }) {
    return this.#change({ type: archived ? "unarchive_session" : "archive_session", sessionId: id });
  }

  delete({ id }) {
    return this.#change({ type: "delete_session", sessionId: id });
  }

  async #change(message) {
    this.note(await this.#connection.request(message));
  }

  showArchived(shows) {
    this.showsArchived = shows;
    this.onChange();
    return this.refresh();
  }

  /** What the server says of a session, whoever changed it. */
  note({ type, session, sessionId }) {
    switch (type) {
      case "session_created":
      case "session_unarchived":
        this.refreshSoon();
        break;
      case "session_updated":
      case "session_archived":
        this.#show(
          this.list
            .map((one) => (one.id === session.id ? session : one))
            .filter((one) => !one.archived || this.showsArchived),
          this.nextCursor,
        );
        break;
      case "session_deleted":
        this.#show(
          this.list.filter((one) => one.id !== sessionId),
          this.nextCursor,
        );
        break;
      default:
    }
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
