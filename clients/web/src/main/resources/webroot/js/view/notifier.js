// Calls the person back to a page that they do not look at: an agent needs them, or a turn is over.
import { show } from "../lib/dom.js";

const CHOICE = "concert.notify";

const ENDINGS = {
  turn_complete: ({ stopReason }) => (stopReason === "stopped" ? null : "The agent has finished."),
  turn_error: ({ message }) => `The turn failed: ${message}`,
};

export class Notifier {
  #label = document.getElementById("notify-choice");
  #choice = document.getElementById("notify");
  #waiting = new Set();

  constructor() {
    // A browser has notifications only for a page that nobody can have changed on its way.
    show(this.#label, "Notification" in globalThis && isSecureContext);
    this.#choice.checked = !this.#label.hidden && localStorage.getItem(CHOICE) === "yes" && Notification.permission === "granted";
    this.#choice.addEventListener("change", () => this.#choose());
  }

  /** Sessions whose agents wait for somebody, the open one among them. */
  draw(sessions) {
    const waiting = sessions.filter(({ state }) => state === "waiting");
    for (const { id, name } of waiting) {
      if (!this.#waiting.has(id)) {
        this.#call(id, name, "The agent needs you.");
      }
    }
    this.#waiting = new Set(waiting.map(({ id }) => id));
  }

  /** An event of the open session. */
  note(event, session) {
    const text = ENDINGS[event.type]?.(event);
    if (text && session) {
      this.#call(session.id, session.name, text);
    }
  }

  async #choose() {
    if (this.#choice.checked) {
      this.#choice.checked = (await Notification.requestPermission()) === "granted";
    }
    localStorage.setItem(CHOICE, this.#choice.checked ? "yes" : "no");
  }

  #call(sessionId, title, body) {
    if (!document.hidden || !this.#choice.checked) {
      return;
    }
    try {
      // One for each session: a newer one takes the place of an older one.
      const notification = new Notification(title, { body, tag: sessionId, icon: "/icon.svg" });
      notification.addEventListener("click", () => {
        focus();
        location.hash = `session=${sessionId}`;
        notification.close();
      });
    } catch {
      // Some phones have notifications only for installed pages.
    }
  }
}
