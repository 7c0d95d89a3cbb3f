/** Answers that a client can ask for again after it has lost its connection. */
package dev.concert.ensemble.answer;
