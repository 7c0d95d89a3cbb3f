package dev.concert.ensemble.routing.choice;

import dev.concert.error.ErrorCode;

/** What to do about a call that failed before the client saw anything of its answer. */
public enum Retry {
  /** Another endpoint of the same pool may do it: this one's limit or key is the matter. */
  NEXT_ENDPOINT,
  /** The provider is the matter: another one may do it. */
  OTHER_PROVIDER,
  /** The request is the matter: nobody would do it. */
  NONE;

  public static Retry of(ErrorCode failure) {
    return switch (failure) {
      case PROVIDER_RATE_LIMITED, PROVIDER_OVERLOADED, PROVIDER_AUTH, PROVIDER_QUOTA ->
          NEXT_ENDPOINT;
      case PROVIDER_FAILED, TIMEOUT -> OTHER_PROVIDER;
      default -> NONE;
    };
  }
}
