// Connects when the user is signed in, or the server has no sign-in.
import { Account } from "../model/account.js";

const AGAIN_MS = 1_000;

export class Entrance {
  #account;
  #connection;
  onError = () => {};

  constructor(account, connection) {
    this.#account = account;
    this.#connection = connection;
  }

  async enter() {
    try {
      await this.#account.load();
    } catch {
      // The connection says that the server is away, and tries again.
    }
    if (!this.#account.mustSignIn) {
      const returnTo = Account.takeReturnTo();
      if (location.hash === "" && returnTo !== "") {
        location.hash = returnTo;
      }
      this.#connection.connectNow();
    }
  }

  /** A connection that ended with its sign-in, or when rights changed, opens again where it may. */
  async enterAgain() {
    try {
      await this.#account.load();
    } catch (problem) {
      this.onError(problem);
    }
    if (this.#account.canSignIn && !this.#account.mustSignIn) {
      setTimeout(() => this.#connection.connectNow(), AGAIN_MS);
    }
  }
}
