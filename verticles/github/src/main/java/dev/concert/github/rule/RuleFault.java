package dev.concert.github.rule;

/**
 * A mistake in a file of rules.
 *
 * @param line from 1
 * @param sentence what is wrong, and what would be right
 */
public record RuleFault(int line, String sentence) {}
