package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that a server lists, by its own names. It is asked again after some minutes; while it
 * does not answer, its last list stands. Thread-safe.
 */
final class OfferedModels {
  private static final Logger LOG = LoggerFactory.getLogger(OfferedModels.class);
  private static final long FRESH_NANOS = Duration.ofMinutes(5).toNanos();

  /** Clients wait three seconds for the whole list. */
  private static final int TIMEOUT_SECONDS = 2;

  private static final int LARGEST = 8 * 1024 * 1024;
  private static final int MOST = 2_000;

  private final HttpClientAgent client;
  private final ProviderOptions options;
  private final RequestAuthorization authorization;
  private final AtomicReference<Known> known =
      new AtomicReference<>(new Known(List.of(), System.nanoTime() - FRESH_NANOS));

  private record Known(List<String> names, long at) {
    boolean isFresh() {
      return System.nanoTime() - at < FRESH_NANOS;
    }
  }

  OfferedModels(
      HttpClientAgent client, ProviderOptions options, RequestAuthorization authorization) {
    this.client = client;
    this.options = options;
    this.authorization = authorization;
  }

  /** Never fails; empty if the server has no list. */
  Future<List<String>> names() {
    Known last = known.get();
    if (last.isFresh()) {
      return Future.succeededFuture(last.names());
    }
    return ask()
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .recover(
            failure -> {
              LOG.debug("The provider '{}' lists no models", options.name(), failure);
              return Future.succeededFuture(last.names());
            })
        .onSuccess(names -> known.set(new Known(names, System.nanoTime())));
  }

  private Future<List<String>> ask() {
    URI uri = URI.create(options.baseUrl().toString().replaceAll("/+$", "") + path());
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(uri.toString())
            .setFollowRedirects(false)
            .putHeader("accept", "application/json");
    options.headers().forEach(request::putHeader);
    return authorization
        .headers(new RequestAuthorization.Unsigned(uri, Buffer.buffer()))
        .compose(
            proof -> {
              proof.forEach(request::putHeader);
              return client.request(request);
            })
        .compose(open -> open.send())
        .compose(
            response -> {
              if (response.statusCode() != 200) {
                response.request().reset();
                return Future.failedFuture(failed("answered with " + response.statusCode()));
              }
              return response.body();
            })
        .map(this::read);
  }

  private String path() {
    return switch (options.type()) {
      case ANTHROPIC -> "/v1/models?limit=1000";
      case GEMINI -> "/models?pageSize=1000";
      default -> "/models";
    };
  }

  private List<String> read(Buffer body) {
    if (body.length() > LARGEST) {
      throw failed("sent a list that is too long");
    }
    JsonNode list = MalformedResponse.object(options.name(), body.toString());
    List<String> names = new ArrayList<>();
    list.path("data").forEach(model -> names.add(model.path("id").asText()));
    list.path("models")
        .forEach(model -> names.add(model.path("name").asText().replaceFirst("^models/", "")));
    names.removeIf(String::isBlank);
    return List.copyOf(names.subList(0, Math.min(MOST, names.size())));
  }

  private ConcertException failed(String what) {
    return new ConcertException(
        ErrorCode.PROVIDER_FAILED, "The provider '" + options.name() + "' " + what + ".");
  }
}
