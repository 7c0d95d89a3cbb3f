// The models that a new session may use.

export class Models {
  #connection;

  list = [];
  defaultModel = null;
  onChange = () => {};

  constructor(connection) {
    this.#connection = connection;
  }

  /** Without an answer there is no choice, and a session has the default. */
  async load() {
    try {
      const { models, defaultModel } = await this.#connection.request({ type: "list_models" });
      this.list = models;
      this.defaultModel = defaultModel ?? null;
      this.onChange();
    } catch {
      // The next connection asks again.
    }
  }

  /** The model of a session: the one it names, else the one that it used, else the default. */
  of(conversation) {
    return conversation.session?.model ?? conversation.totals.model ?? this.defaultModel;
  }
}
