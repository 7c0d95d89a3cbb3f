// A session as the page shows it, made from its events and nothing else: so a reload, a second tab
// and a reconnection all come to the same picture.
import { Totals } from "./totals.js";
import { TurnChanges } from "./turn-changes.js";
import { fileEvents } from "./file-events.js";
import { sessionEvents } from "./session-events.js";
import { textEvents } from "./text-events.js";
import { toolEvents } from "./tool-events.js";
import { questionEvents } from "./question-events.js";
import { modelEvents } from "./model-events.js";
import { planEvents } from "./plan-events.js";
import { turnEvents } from "./turn-events.js";

const REDUCERS = {
  ...sessionEvents,
  ...turnEvents,
  ...textEvents,
  ...toolEvents,
  ...questionEvents,
  ...planEvents,
  ...modelEvents,
  ...fileEvents,
};

export class Conversation {
  #byKey = new Map();

  sessionId;
  session = null;
  state = "inactive";
  /** What is being done to get the sandbox ready, while it is. */
  preparation = null;
  /** The call of the model that is repeated: {at, message}; until something else happens. */
  retry = null;
  /** What is wrong with the workspace, while something is. */
  trouble = null;
  /** The turn that runs: {turnId, startedAt, text}. */
  turn = null;
  items = [];
  totals = new Totals();
  /** What each turn did to the files. */
  changes = new TurnChanges();
  context = null;
  lastSeq = 0;
  /** The server's last number when the page joined; the events up to it are a replay. */
  joinedAt = null;
  live = false;
  /** Whether a turn ran when the page joined. */
  joinedInTurn = false;
  /** Items to draw again. */
  changed = new Set();
  onChange = () => {};
  /** Items were taken out. */
  onCut = () => {};

  constructor(sessionId) {
    this.sessionId = sessionId;
  }

  snapshot(snapshot) {
    this.session = snapshot.session;
    this.joinedAt = snapshot.lastSeq;
    this.joinedInTurn = Boolean(snapshot.turn);
    if (snapshot.lastSeq === this.lastSeq) {
      this.state = snapshot.state;
    }
    this.onChange();
  }

  /** A session was renamed or archived, perhaps this one. */
  note(session) {
    if (session?.id === this.sessionId && this.session !== null) {
      this.session = session;
      this.onChange();
    }
  }

  apply(event) {
    this.lastSeq = event.seq;
    this.retry = null;
    REDUCERS[event.type]?.(this, event);
    this.onChange();
  }

  get running() {
    return this.turn !== null;
  }

  /** Adds an item; `key` finds it again. */
  add(kind, event, fields = {}, key = null) {
    const item = { id: this.items.length, kind, turnId: event.turnId, ts: event.ts, ...fields };
    this.items.push(item);
    if (key !== null) {
      this.#byKey.set(key, item);
    }
    this.changed.add(item);
    return item;
  }

  /** Takes this item out, and all that came after it. */
  cut(item) {
    const gone = new Set(this.items.splice(this.items.indexOf(item)));
    this.#byKey = new Map([...this.#byKey].filter(([, one]) => !gone.has(one)));
    this.changed = new Set();
    this.changes.forget(new Set([...gone].map(({ turnId }) => turnId)));
    this.onCut();
  }

  find(key) {
    return this.#byKey.get(key);
  }

  name(key, item) {
    this.#byKey.set(key, item);
  }

  touch(item) {
    this.changed.add(item);
  }

  get last() {
    return this.items.at(-1);
  }

  takeChanges() {
    const changes = this.changed;
    this.changed = new Set();
    return changes;
  }
}
