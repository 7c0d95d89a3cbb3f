// The review of changes, which is loaded when it is opened for the first time.
import { loadStyle } from "../lib/libraries.js";
import { Review } from "../model/review.js";
import { ReviewView } from "./review-view.js";

export class ReviewDialog {
  #review;
  #view;

  constructor(files, folders, decisions) {
    this.#review = new Review(files, folders, decisions);
    this.#view = new ReviewView(this.#review);
    this.#review.onChange = () => this.#view.draw();
    this.#review.onError = (problem) => this.#view.tell(problem);
  }

  /** Shows what a turn changed, or all turns did, where it is null. */
  async open(conversation, turnId) {
    await loadStyle("/css/review.css");
    this.#view.onChosen = (chosen) => this.#review.open(conversation, chosen);
    this.#view.open();
    this.#review.open(conversation, turnId);
  }
}
