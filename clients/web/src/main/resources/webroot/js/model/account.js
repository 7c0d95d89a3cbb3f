// Who uses the page: the sign-in of this browser, or the developer where nobody signs in.
import { ask, useCsrfToken } from "../net/http.js";

const RETURN_TO = "concert.return-to";
const INVITATION = /^#invitation=([0-9a-f]{64})$/;

export class Account {
  canSignIn = false;
  identity = null;
  onChange = () => {};
  onLeave = () => {};

  /** Whether somebody has to sign in before anything else. */
  get mustSignIn() {
    return this.canSignIn && this.identity === null;
  }

  /** The secret of the invitation that the address after # holds; null for none. */
  get invitation() {
    return this.canSignIn ? (INVITATION.exec(location.hash)?.[1] ?? null) : null;
  }

  async load() {
    const session = await ask("GET", "/auth/session");
    this.canSignIn = session.canSignIn;
    this.identity = session.identity ?? null;
    useCsrfToken(session.csrfToken ?? null);
    this.onChange();
  }

  /** The server says who this is. */
  note(identity) {
    this.identity = identity;
    this.onChange();
  }

  async signIn() {
    const { invitation } = this;
    if (invitation === null) {
      sessionStorage.setItem(RETURN_TO, location.hash);
      location.assign("/auth/login");
      return;
    }
    // It goes in a body, so that no log of an address has it.
    const { signInUrl } = await ask("POST", "/auth/login", JSON.stringify({ invitation }));
    location.assign(signInUrl);
  }

  async signOut() {
    const { signOutUrl } = await ask("POST", "/auth/logout");
    this.onLeave();
    location.assign(signOutUrl ?? "/");
  }

  /** The address after # at which the page was when somebody began to sign in. */
  static takeReturnTo() {
    const hash = sessionStorage.getItem(RETURN_TO);
    sessionStorage.removeItem(RETURN_TO);
    return hash ?? "";
  }
}
