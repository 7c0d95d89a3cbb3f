package dev.concert.ensemble.provider.oauth;

import dev.concert.ensemble.provider.upstream.RequestAuthorization;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * A bearer token that is fetched once for all calls, also for those that wait for the same token,
 * and again shortly before it ends or when the vendor refuses it. Thread-safe.
 */
public final class TokenAuthorization implements RequestAuthorization {
  /** A token is not used in its last minutes, because a call takes its time. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private static final int UNAUTHORIZED = 401;

  private final TokenSource source;
  private final LongSupplier clockMillis;
  private Optional<Future<Held>> held = Optional.empty();
  private Optional<String> usedKey = Optional.empty();

  /** A token with the time at which the next one is fetched. */
  private record Held(String token, long until) {}

  /**
   * @param clockMillis a clock that only goes forward
   */
  public TokenAuthorization(TokenSource source, LongSupplier clockMillis) {
    this.source = source;
    this.clockMillis = clockMillis;
  }

  @Override
  public Future<Map<String, String>> headers(Unsigned request) {
    return current().map(fresh -> Map.of("Authorization", "Bearer " + fresh.token()));
  }

  private synchronized Future<Held> current() {
    boolean usable =
        held.filter(one -> !one.isComplete() || (one.succeeded() && isFresh(one.result())))
            .isPresent();
    Optional<String> key = source.key();
    if (!usable || !usedKey.equals(key)) {
      usedKey = key;
      held = Optional.of(source.fetch().map(this::hold));
    }
    return held.orElseThrow();
  }

  private Held hold(FetchedToken token) {
    long margin = Math.min(MARGIN.toMillis(), token.life().toMillis() / 2);
    return new Held(token.value(), clockMillis.getAsLong() + token.life().toMillis() - margin);
  }

  private boolean isFresh(Held one) {
    return clockMillis.getAsLong() < one.until();
  }

  /** A token may be withdrawn before its end; then another one is fetched. */
  @Override
  public synchronized boolean improves(Refusal refusal) {
    if (refusal.status() != UNAUTHORIZED) {
      return false;
    }
    held = held.filter(one -> !one.isComplete());
    return true;
  }

  @Override
  public synchronized List<String> secrets() {
    return Stream.concat(
            usedKey.stream(),
            held.filter(Future::succeeded).map(one -> one.result().token()).stream())
        .toList();
  }
}
