package dev.concert.ensemble.routing.endpoint;

import dev.concert.error.ErrorCode;

/** Whether and where to retry a call that failed before the client received anything. */
public enum RetryPolicy {
  /** The endpoint's limit or key is the problem: retry at another endpoint of the pool. */
  NEXT_ENDPOINT,
  /** The provider is the problem: retry at another provider. */
  OTHER_PROVIDER,
  /** The request is the problem: do not retry. */
  NONE;

  public static RetryPolicy of(ErrorCode failure) {
    return switch (failure) {
      case PROVIDER_RATE_LIMITED, PROVIDER_OVERLOADED, PROVIDER_AUTH, PROVIDER_QUOTA ->
          NEXT_ENDPOINT;
      case PROVIDER_FAILED, TIMEOUT -> OTHER_PROVIDER;
      default -> NONE;
    };
  }
}
