package dev.concert.github.api;

/**
 * A pull request, or what a forge calls it.
 *
 * @param branch that it comes from
 * @param head commit of that branch
 * @param isFork whether the branch is one of another repository
 * @param base branch that it goes to
 * @param author login of who opened it
 */
public record ChangeRequest(
    int number,
    String branch,
    String head,
    boolean isFork,
    String base,
    String author,
    String title,
    String body) {}
