package dev.concert.github.rule;

/**
 * A command that says whether a change is good.
 *
 * @param run for the shell; good where it ends with 0
 * @param seconds that it may take
 */
public record RuleCheck(String name, String run, int seconds) {}
