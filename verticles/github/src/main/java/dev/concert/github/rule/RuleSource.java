package dev.concert.github.rule;

/**
 * The rule that something is done by.
 *
 * @param name for people
 * @param line of the file at which it begins
 * @param prompt what the agent is asked to do; empty for what the event says
 */
public record RuleSource(String name, int line, String prompt) {}
