package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a vendor count the tokens of a prompt. A server that does not, or does not in time, leaves
 * it to an estimate; it has a circuit breaker of its own, so that its failures do not keep calls
 * away.
 */
final class UpstreamTokenCount implements UpstreamClient.Sender {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamTokenCount.class);
  private static final int SECONDS = 10;

  private final String provider;
  private final UpstreamClient gate;

  UpstreamTokenCount(String provider, UpstreamClient gate) {
    this.provider = provider;
    this.gate = gate;
  }

  /** Never fails. */
  Future<OptionalLong> count(TokenCountRequest asked) {
    return gate.send(asked.request(), false, this)
        .compose(UpstreamTokenCount::body)
        .timeout(SECONDS, TimeUnit.SECONDS)
        .map(text -> count(asked, text))
        .recover(
            failure -> {
              LOG.debug(
                  "The provider '{}' does not count tokens, so they are estimated",
                  provider,
                  failure);
              return Future.succeededFuture(OptionalLong.empty());
            });
  }

  private static Future<String> body(HttpClientResponse response) {
    return UpstreamError.read(response);
  }

  private OptionalLong count(TokenCountRequest asked, String text) {
    JsonNode count = MalformedResponse.object(provider, text).path(asked.field());
    if (!count.canConvertToLong() || count.asLong() < 0) {
      throw MalformedResponse.of(provider, "sent no count of tokens");
    }
    return OptionalLong.of(count.asLong());
  }

  @Override
  public void sending(HttpClientRequest request) {
    // Nobody cancels it; the timeout leaves a late answer unread.
  }

  @Override
  public boolean unwanted() {
    return false;
  }
}
