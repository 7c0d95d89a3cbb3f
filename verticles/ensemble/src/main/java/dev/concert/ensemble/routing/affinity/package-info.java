/**
 * Where a prompt's beginning is probably cached.
 *
 * <p>A provider caches the beginnings of prompts for each of its keys apart, so a call is cheapest
 * at the endpoint that saw its beginning last. Each answered call leaves the fingerprints of its
 * prompt's beginnings here; the next call of the conversation, or of another one with the same
 * system prompt, finds the longest of them again.
 */
package dev.concert.ensemble.routing.affinity;
