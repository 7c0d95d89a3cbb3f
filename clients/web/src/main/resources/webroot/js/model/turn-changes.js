// Which files the turns of a session changed, and from which version to which. A change is
// {path, first, last, from}: the numbers of the first and the last version that it made. `first` is
// null where a rename took the file away, `last` where it is gone for that reason; `from` is the name before a rename.

// What programs make anew has no versions, and git's own files are no part of the work.
const NOT_SHOWN = /(^|\/)(\.git|\.gradle|\.venv|__pycache__|node_modules|target)\//;

export class TurnChanges {
  #turns = new Map();

  note(turnId, { path, iteration, from = null }) {
    if (NOT_SHOWN.test(path)) {
      return;
    }
    const files = this.#turns.get(turnId) ?? new Map();
    this.#turns.set(turnId, files);
    const known = files.get(path);
    files.set(path, { path, first: known ? known.first : iteration, last: iteration, from: from ?? known?.from ?? null });
    if (from !== null && !NOT_SHOWN.test(from)) {
      files.set(from, { path: from, first: files.get(from)?.first ?? null, last: null, from: null });
    }
  }

  /** A rewind took these turns out. */
  forget(turnIds) {
    turnIds.forEach((turnId) => this.#turns.delete(turnId));
  }

  /** The turns that changed files, oldest first. */
  get turnIds() {
    return [...this.#turns.keys()];
  }

  of(turnId) {
    return sorted(this.#turns.get(turnId) ?? new Map());
  }

  /**
   * What all turns together changed. Where somebody else changed a file between two turns, as a
   * user does whose project comes in again, it counts from there; `isOurs(path, iteration)` says
   * which versions are no such change.
   */
  all(isOurs) {
    const whole = new Map();
    for (const files of this.#turns.values()) {
      for (const now of files.values()) {
        const before = whole.get(now.path);
        whole.set(
          now.path,
          before && follows(before, now, isOurs) ? { ...now, first: before.first, from: before.from ?? now.from } : now,
        );
      }
    }
    return sorted(whole);
  }
}

function follows(before, now, isOurs) {
  for (let iteration = before.last + 1; before.last !== null && now.first !== null && iteration < now.first; iteration += 1) {
    if (!isOurs(now.path, iteration)) {
      return false;
    }
  }
  return true;
}

const sorted = (files) => [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));

/**
 * The versions that a change is between: {base, shown, isNow, lost}. `base` is null where the file
 * was not there; `shown` is the last version of the change and of ours after it; `isNow` says that
 * the file is still that; `lost` that the version before is not kept. Null where no version is left.
 */
export function comparedOf({ first, last, from }, iterations, isOurs) {
  const versions = iterations.toSorted((a, b) => a.iteration - b.iteration);
  const numbered = (number) => versions.find(({ iteration }) => iteration === number);
  const gone = versions.findLast(({ deleted, iteration }) => deleted && (last === null || iteration <= last));
  const end = last === null ? gone : numbered(last);
  if (!end) {
    return null;
  }
  const begin = first ?? gone?.iteration ?? end.iteration;
  const before = versions.findLast(({ iteration }) => iteration < begin) ?? null;
  // A file under a new name has the versions of the old one before its own.
  const isMoved = from !== null && before !== null && !before.deleted && before.hash === numbered(begin)?.hash;
  const shown = versions.slice(versions.indexOf(end) + 1).reduce(
    (until, version) => (until.next && isOurs(version.iteration) ? { version, next: true } : { ...until, next: false }),
    { version: end, next: true },
  ).version;
  return {
    base: isMoved || before === null || before.deleted ? null : before,
    shown,
    isNow: shown === versions.at(-1),
    lost: before === null && begin > 1,
  };
}
