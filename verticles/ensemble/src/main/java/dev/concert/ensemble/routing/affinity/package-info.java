/**
 * Cache affinity: which endpoint has probably cached the prefix of a prompt.
 *
 * <p>A provider caches prompt prefixes for each key separately, so a call is cheapest at the
 * endpoint that read its prefix last. Each answered call leaves the fingerprints of its {@code
 * PromptPrefixes} here; the next call of the conversation, or of another one with the same system
 * prompt, finds the longest of them.
 */
package dev.concert.ensemble.routing.affinity;
