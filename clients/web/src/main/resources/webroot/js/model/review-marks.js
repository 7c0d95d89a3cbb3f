// What somebody decided about the changes of a session, kept in this browser: which they accepted,
// and which versions came to be because they put something back.

const MOST = 2_000;

export class ReviewMarks {
  #notes;
  #sessionId;
  #accepted;
  #ours;

  constructor(notes, sessionId) {
    this.#notes = notes;
    this.#sessionId = sessionId;
    const { accepted = [], ours = [] } = notes.get(sessionId) ?? {};
    this.#accepted = new Set(accepted);
    this.#ours = new Set(ours);
  }

  isAccepted(path, key) {
    return this.#accepted.has(named(path, key));
  }

  accept(path, key, accepted) {
    if (accepted) {
      this.#accepted.add(named(path, key));
    } else {
      this.#accepted.delete(named(path, key));
    }
    this.#keep();
  }

  isOurs(path, iteration) {
    return this.#ours.has(named(path, iteration));
  }

  noteOurs(path, iteration) {
    this.#ours.add(named(path, iteration));
    this.#keep();
  }

  #keep() {
    this.#notes.put(this.#sessionId, { accepted: newest(this.#accepted), ours: newest(this.#ours) });
  }
}

const named = (path, key) => `${key} ${path}`;

const newest = (marks) => [...marks].slice(-MOST);
