package dev.concert.github.api;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * In whose name a call is made.
 *
 * @param scope whose calls share limits
 * @param token for the header {@code Authorization}: a bearer's, or {@code Basic …}; empty for none
 * @param refused told when GitHub does not take the token any more
 * @param patience how long a call may wait before it is sent; empty for as long as it takes. One
 *     that a person waits for is given up, and not made when nobody waits any more
 */
public record ApiCaller(
    String scope, Supplier<Future<String>> token, Runnable refused, Optional<Duration> patience) {
  private static final String BASIC = "Basic ";

  /** A caller that waits as long as it takes. */
  public ApiCaller(String scope, Supplier<Future<String>> token, Runnable refused) {
    this(scope, token, refused, Optional.empty());
  }

  /** This caller, for somebody who waits that long. */
  public ApiCaller within(Duration patience) {
    return new ApiCaller(scope, token, refused, Optional.of(patience));
  }

  /** Who calls without a name: what the call has in it is enough. */
  public static ApiCaller anybody(String scope) {
    return new ApiCaller(scope, () -> Future.succeededFuture(""), () -> {});
  }

  /** The header of a token. */
  static Optional<String> header(String token) {
    return token.isEmpty()
        ? Optional.empty()
        : Optional.of(token.startsWith(BASIC) ? token : "Bearer " + token);
  }
}
