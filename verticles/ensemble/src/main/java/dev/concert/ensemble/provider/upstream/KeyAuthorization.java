package dev.concert.ensemble.provider.upstream;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A key that goes into the headers as it is.
 *
 * @param key read for each request, because operators change it; without one nothing is added
 * @param headers the headers for a key
 */
public record KeyAuthorization(
    Supplier<Optional<String>> key, Function<String, Map<String, String>> headers)
    implements RequestAuthorization {

  @Override
  public Future<Map<String, String>> headers(Unsigned request) {
    return Future.succeededFuture(key.get().map(headers).orElse(Map.of()));
  }

  @Override
  public List<String> secrets() {
    return key.get().stream().toList();
  }
}
