/**
 * Blocks: the pieces of messages and answers in the native format. A {@code ContentBlock} is part
 * of a message to a model, a {@code Block} is a piece of an answer; {@code Opaque} carries data
 * that only its provider understands.
 */
package dev.concert.ensemble.block;
