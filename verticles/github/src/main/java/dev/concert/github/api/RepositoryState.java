package dev.concert.github.api;

/** A repository now. */
public record RepositoryState(String defaultBranch, boolean isArchived) {}
