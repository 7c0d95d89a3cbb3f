package dev.concert.github.repository;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ForgeException;

/** Says what GitHub's refusals mean to a member. */
public final class RepositoryFailure {
  private RepositoryFailure() {}

  /** The same for a tenant whose repository it is not, and if there is none. */
  public static ConcertException notServed(String owner, String repo) {
    return new ConcertException(
        ErrorCode.REPOSITORY_NOT_FOUND,
        "No GitHub connection of yours serves %s/%s.".formatted(owner, repo));
  }

  /**
   * A failure as a member gets it.
   *
   * @param permission that the call needed
   * @param absent what it means that GitHub does not find what the path names
   */
  public static Throwable of(
      Throwable failure, ServedRepository in, String permission, ConcertException absent) {
    if (!(failure instanceof ForgeException known)) {
      return failure;
    }
    return switch (known.kind()) {
      case LIMITED, UNREACHED -> known.toConcert();
      case UNKNOWN ->
          new ConcertException(
              ErrorCode.BRIDGES_UNAVAILABLE,
              "GitHub did not say whether it is done. Look there before you try it again.",
              known);
      case REFUSED -> refused(known, in, permission, absent);
    };
  }

  private static ConcertException refused(
      ForgeException known, ServedRepository in, String permission, ConcertException absent) {
    String words = known.getMessage();
    if (words.contains("repository that does not exist")) {
      return notServed(in.name().owner(), in.name().name());
    }
    if (words.contains("not accessible by integration")
        || words.contains("permissions requested")) {
      return refusal(
          "The GitHub App %s may not do this in %s. Give it the permission %s, and accept that where it is installed."
              .formatted(in.connection().account(), in.name(), permission),
          known);
    }
    return switch (known.status()) {
      case 404 -> absent;
      case 401 ->
          refusal(
              "GitHub does not take the credentials of the connection %s any more. Ask who manages integrations to test it."
                  .formatted(in.connection().name()),
              known);
      default -> refusal(words, known);
    };
  }

  private static ConcertException refusal(String sentence, ForgeException cause) {
    return new ConcertException(ErrorCode.REPOSITORY_REFUSED, sentence, cause);
  }
}
