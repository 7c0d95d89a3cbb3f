// The items of a conversation in the page: draws what changed, once per frame, and stays at the end
// unless the person reads further up.
import { oncePerFrame } from "../lib/frames.js";
import { show } from "../lib/dom.js";
import { viewOf } from "./items.js";

const FRAME_BUDGET_MS = 24;
const NEAR_END_PX = 60;

export class ConversationView {
  #scroller = document.getElementById("scroller");
  #list = document.getElementById("items");
  #toEnd = document.getElementById("to-end");
  #actions;
  #conversation = null;
  #views = new Map();
  #drawn = 0;
  #follow = true;

  drawSoon = oncePerFrame(() => this.#draw());
  onDrawn = () => {};

  constructor(actions) {
    this.#actions = actions;
    this.#scroller.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    this.#toEnd.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.#keepAtEnd()).observe(this.#list);
    new ResizeObserver(() => this.#keepAtEnd()).observe(this.#scroller);
  }

  open(conversation) {
    this.#conversation = conversation;
    this.#views.clear();
    this.#drawn = 0;
    this.#follow = true;
    this.#list.replaceChildren();
    this.drawSoon();
  }

  toEnd() {
    this.#follow = true;
    this.#keepAtEnd();
  }

  #draw() {
    const conversation = this.#conversation;
    if (conversation === null) {
      this.onDrawn();
      return;
    }
    for (const item of conversation.takeChanges()) {
      this.#views.get(item)?.update();
    }
    this.#append(conversation.items);
    this.#keepAtEnd();
    this.onDrawn();
  }

  // A long replay is drawn over several frames.
  #append(items) {
    const end = performance.now() + FRAME_BUDGET_MS;
    const added = document.createDocumentFragment();
    while (this.#drawn < items.length && performance.now() < end) {
      const item = items[this.#drawn];
      const view = viewOf(item, this.#actions);
      this.#views.set(item, view);
      added.append(view.node);
      this.#drawn += 1;
    }
    this.#list.append(added);
    if (this.#drawn < items.length) {
      this.drawSoon();
    }
  }

  #noteScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#follow = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    show(this.#toEnd, !this.#follow);
  }

  #keepAtEnd() {
    if (this.#follow) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      show(this.#toEnd, false);
    }
  }
}
