// The files that go with the next message: chosen, dropped on the conversation, or pasted.
import { el, icon, show } from "../lib/dom.js";
import { size } from "../lib/format.js";

export class AttachmentsView {
  #attachments;
  #list = document.getElementById("attachments");
  #picker = document.getElementById("attach-files");
  #stage = document.querySelector(".stage");
  onError = () => {};

  constructor(attachments) {
    this.#attachments = attachments;
    document.getElementById("attach").addEventListener("click", () => this.#picker.click());
    this.#picker.addEventListener("change", () => {
      this.#add(this.#picker.files);
      this.#picker.value = "";
    });
    document.getElementById("message").addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    this.#stage.addEventListener("dragover", (event) => this.#hover(event));
    this.#stage.addEventListener("dragleave", () => delete this.#stage.dataset.drop);
    this.#stage.addEventListener("drop", (event) => {
      delete this.#stage.dataset.drop;
      this.#take(event, event.dataTransfer);
    });
  }

  draw() {
    const { list } = this.#attachments;
    show(this.#list, list.length > 0);
    this.#list.replaceChildren(...list.map((file) => this.#row(file)));
  }

  #row(file) {
    const remove = () => {
      this.#attachments.remove(file);
      document.getElementById("message").focus();
    };
    return el(
      "li",
      {},
      el("span", { class: "name", dir: "auto" }, file.name),
      el("span", { class: "size" }, size(file.size)),
      el("button", { class: "quiet", type: "button", "aria-label": `Remove ${file.name}`, onclick: remove }, icon("close")),
    );
  }

  #hover(event) {
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      this.#stage.dataset.drop = "true";
    }
  }

  /** Text is pasted and dropped as ever. */
  #take(event, { files }) {
    if (files.length > 0) {
      event.preventDefault();
      this.#add(files);
    }
  }

  #add(files) {
    if (!this.#attachments.add(files)) {
      this.onError({ code: "TOO_MANY_FILES", message: "A message takes 20 files.", retryable: false });
    }
  }
}
