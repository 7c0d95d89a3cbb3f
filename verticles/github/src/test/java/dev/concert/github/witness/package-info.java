/** Other people's clients, unmodified, at the played GitHub. */
package dev.concert.github.witness;
