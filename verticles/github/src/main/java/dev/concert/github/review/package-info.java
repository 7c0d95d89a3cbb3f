/**
 * Reviews of pull requests. {@link dev.concert.github.review.PullDiff} knows which lines can have a
 * comment, and {@link dev.concert.github.review.ReviewAnswer} is what an agent found, with a place
 * for everything: on its line, or in the text.
 */
package dev.concert.github.review;
