/** Files of rules. */
package dev.concert.github.rule;
