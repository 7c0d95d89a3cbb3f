// Where the person writes: a new message, or guidance while the agent works.
import { el, setText, show } from "../lib/dom.js";
import { voiceButton } from "./voice-button.js";

const TALLEST_PX = 240;

export class Composer {
  #form = document.getElementById("composer");
  #field = document.getElementById("message");
  #send = document.getElementById("send");
  #stop = document.getElementById("stop");
  #queueButton = document.getElementById("queue-message");
  #hint = document.getElementById("composer-hint");
  #agentChoice = document.getElementById("agent-choice");
  #agentType = document.getElementById("agent-type");
  #modelChoice = document.getElementById("model-choice");
  #model = document.getElementById("model");

  onSubmit = () => {};
  /** For a message that waits until the running turn is over. */
  onQueue = () => {};
  /** What an empty message says: something only where files are attached. */
  textOfNothing = () => "";
  /** What stands in the field, whenever it changes. */
  onWrite = () => {};
  onStop = () => {};

  constructor() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("keydown", (event) => {
      // While an input method composes a character, Enter belongs to it.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit((event.ctrlKey || event.metaKey) && !this.#queueButton.hidden);
      }
    });
    this.#queueButton.addEventListener("click", () => this.#submit(true));
    this.#field.addEventListener("input", () => this.#changed());
    this.#stop.addEventListener("click", () => this.onStop());
    voiceButton(document.getElementById("dictate"), (heard) => this.set(`${this.#field.value} ${heard}`.trimStart()));
  }

  get agentType() {
    return this.#agentType.value;
  }

  /** Null for the default. */
  get model() {
    return this.#model.value || null;
  }

  /** What a new session may choose from; the choice stays where it is among them. */
  offer({ list, defaultModel }) {
    const chosen = this.#model.value;
    this.#model.replaceChildren(
      el("option", { value: "" }, `Default (${defaultModel})`),
      ...list.map(({ id, provider }) => el("option", { value: id, title: provider, selected: id === chosen }, id)),
    );
  }

  draw({ isNew, running, stopping, online, busy }) {
    const steering = running && !isNew;
    this.#send.disabled = busy;
    this.#send.setAttribute("aria-label", steering ? "Steer" : "Send");
    this.#field.placeholder = steering ? "Guide the agent while it works" : isNew ? "Describe what you want" : "Message";
    show(this.#agentChoice, isNew);
    show(this.#modelChoice, isNew && this.#model.options.length > 0);
    show(this.#stop, steering);
    show(this.#queueButton, steering);
    this.#stop.disabled = stopping;
    setText(
      this.#hint,
      online ? (steering ? "Enter guides the agent, Ctrl+Enter waits for its end, Esc stops it" : "Enter to send, Shift+Enter for a new line") : "Sent when the connection is back",
    );
  }

  /** Puts a text back that could not be sent, unless something else has been written since. */
  restore(text) {
    if (this.#field.value === "") {
      this.set(text);
    }
  }

  set(text) {
    this.show(text);
    this.onWrite(text);
    this.focus();
  }

  /** The draft of the session that was opened. */
  show(text) {
    this.#field.value = text;
    this.#grow();
  }

  focus() {
    // On a phone the keyboard would cover the page.
    if (matchMedia("(hover: hover)").matches) {
      this.#field.focus();
    }
  }

  #submit(later = false) {
    const text = this.#field.value.trim() || (later ? "" : this.textOfNothing());
    if (text === "" || this.#send.disabled) {
      return;
    }
    this.#field.value = "";
    this.#changed();
    if (later) {
      this.onQueue(text);
    } else {
      this.onSubmit(text);
    }
  }

  #changed() {
    this.#grow();
    this.onWrite(this.#field.value);
  }

  #grow() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${Math.min(TALLEST_PX, this.#field.scrollHeight)}px`;
  }
}
