package dev.concert.github.api;

/**
 * What can be commented on.
 *
 * @param number of the issue or change request; some forges count both together, some do not
 */
public record IssueRef(int number, boolean isChange) {}
