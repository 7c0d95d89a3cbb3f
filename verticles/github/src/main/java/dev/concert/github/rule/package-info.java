/**
 * What a repository says of work in it: {@code .github/concert.yml} of its default branch. A {@link
 * dev.concert.github.rule.RuleFile} has {@link dev.concert.github.rule.WorkRule}s, each of which
 * says what happens at an event; {@link dev.concert.github.rule.RuleFileReader} reads it and names
 * the line of each mistake. A file can only narrow what the tenant allows.
 */
package dev.concert.github.rule;
