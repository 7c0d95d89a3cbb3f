// What can be done from the message field: commands that begin with a slash.

export class Commands {
  #all;

  /** Of each {name, title, run} and, where it is not always possible, `possible`. */
  constructor(all) {
    this.#all = all;
  }

  /** Those that a text begins to name; none as soon as it is another text. */
  matching(text) {
    return /^\/[\w-]*$/.test(text)
      ? this.#all.filter(({ name, possible }) => name.startsWith(text.toLowerCase()) && (possible?.() ?? true))
      : [];
  }
}
