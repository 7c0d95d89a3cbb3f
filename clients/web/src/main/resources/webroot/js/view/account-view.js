// Who is signed in, and the buttons that belong to it.
import { el, setText, show } from "../lib/dom.js";

export class AccountView {
  #account;
  #node = document.getElementById("account");
  #who = el("span", { class: "who", id: "who" });
  #keys;
  #usage;
  #signIn;
  #signOut;
  onKeys = () => {};
  onUsage = () => {};
  onError = () => {};

  constructor(account) {
    this.#account = account;
    this.#keys = el("button", { class: "link", type: "button", id: "show-keys", onclick: () => this.onKeys() }, "API keys");
    this.#usage = el("button", { class: "link", type: "button", id: "show-usage", onclick: () => this.onUsage() }, "Usage");
    this.#signIn = el("button", { type: "button", id: "sign-in", onclick: () => this.#enter() }, "Sign in");
    this.#signOut = el("button", { class: "link", type: "button", id: "sign-out", onclick: () => this.#leave() }, "Sign out");
    this.#node.append(this.#who, this.#keys, this.#usage, this.#signOut, this.#signIn);
    this.draw();
  }

  draw() {
    const { identity, canSignIn, mustSignIn, invitation } = this.#account;
    setText(this.#who, identity ? identity.email || identity.userId : "");
    this.#who.title = identity ? `${identity.role} of ${identity.tenantId}` : "";
    show(this.#keys, identity !== null);
    show(this.#usage, identity !== null);
    show(this.#signOut, canSignIn && identity !== null);
    setText(this.#signIn, invitation === null ? "Sign in" : "Accept the invitation");
    show(this.#signIn, mustSignIn || invitation !== null);
    document.body.dataset.signedOut = String(mustSignIn);
  }

  #enter() {
    this.#account.signIn().catch((problem) => this.onError(problem));
  }

  #leave() {
    this.#account.signOut().catch((problem) => this.onError(problem));
  }
}
