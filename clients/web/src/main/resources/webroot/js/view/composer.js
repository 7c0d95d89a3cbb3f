// Where the person writes: a new message, or guidance while the agent works.
import { setText, show } from "../lib/dom.js";

const TALLEST_PX = 240;

export class Composer {
  #form = document.getElementById("composer");
  #field = document.getElementById("message");
  #send = document.getElementById("send");
  #stop = document.getElementById("stop");
  #hint = document.getElementById("composer-hint");
  #agentChoice = document.getElementById("agent-choice");
  #agentType = document.getElementById("agent-type");

  onSubmit = () => {};
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
        this.#submit();
      }
    });
    this.#field.addEventListener("input", () => this.#grow());
    this.#stop.addEventListener("click", () => this.onStop());
  }

  get agentType() {
    return this.#agentType.value;
  }

  draw({ isNew, running, stopping, online, busy }) {
    const steering = running && !isNew;
    this.#send.disabled = busy;
    this.#send.setAttribute("aria-label", steering ? "Steer" : "Send");
    this.#field.placeholder = steering ? "Steer the agent while it works" : isNew ? "Describe what you want" : "Message";
    show(this.#agentChoice, isNew);
    show(this.#stop, steering);
    this.#stop.disabled = stopping;
    setText(
      this.#hint,
      online ? (steering ? "Enter steers" : "Enter sends, Shift+Enter is a new line") : "Sent when the connection is back",
    );
  }

  /** Puts a text back that could not be sent, unless something else has been written since. */
  restore(text) {
    if (this.#field.value === "") {
      this.set(text);
    }
  }

  set(text) {
    this.#field.value = text;
    this.#grow();
    this.focus();
  }

  focus() {
    // On a phone the keyboard would cover the page.
    if (matchMedia("(hover: hover)").matches) {
      this.#field.focus();
    }
  }

  #submit() {
    const text = this.#field.value.trim();
    if (text === "" || this.#send.disabled) {
      return;
    }
    this.#field.value = "";
    this.#grow();
    this.onSubmit(text);
  }

  #grow() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${Math.min(TALLEST_PX, this.#field.scrollHeight)}px`;
  }
}
