// Tokens and cost of a whole session, added up from its model calls.

// Costs come as decimal strings; whole nano-dollars add up exactly where fractions would not.
const NANO = 1_000_000_000;

export class Totals {
  inputTokens = 0;
  outputTokens = 0;
  cachedTokens = 0;
  model = null;
  #nanoDollars = 0;
  #costKnown = true;

  add(usage) {
    this.inputTokens += usage.inputTokens ?? 0;
    this.outputTokens += usage.outputTokens ?? 0;
    this.cachedTokens += usage.cachedTokens ?? 0;
    this.model = usage.model ?? this.model;
    this.#costKnown &&= usage.cost != null;
    this.#nanoDollars += Math.round(Number(usage.cost ?? 0) * NANO);
  }

  get tokens() {
    return this.inputTokens + this.outputTokens;
  }

  /** Null when the price of a model is not known. */
  get cost() {
    return !this.#costKnown ? null : this.#nanoDollars / NANO;
  }
}
