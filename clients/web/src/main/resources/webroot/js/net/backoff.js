// How long to wait before the next attempt to connect.

const FIRST_MS = 400;
const LONGEST_MS = 15_000;

export class Backoff {
  #attempts = 0;

  /** Twice as long each time; a random part, so that clients do not come back all at once. */
  next() {
    const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    return whole / 2 + Math.random() * (whole / 2);
  }

  reset() {
    this.#attempts = 0;
  }
}
