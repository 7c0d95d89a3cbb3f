package dev.concert.ensemble.guardrail;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.text.ShortText;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Asks a service that speaks LiteLLM's generic guardrail API, as those of many vendors do.
 *
 * <p>Format: https://docs.litellm.ai/docs/adding_provider/generic_guardrail_api
 */
record ServiceGuardrail(
    GuardrailOptions options,
    GuardrailOptions.Service service,
    WebClient client,
    CircuitBreaker breaker)
    implements Guardrail {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceGuardrail.class);
  private static final String PATH = "/beta/litellm_basic_guardrail_api";
  private static final int CONNECT_MS = 2_000;
  private static final int MAX_FAILURES = 5;
  private static final int REST_MS = 10_000;
  private static final int LONGEST_REASON = 500;

  static ServiceGuardrail of(
      Vertx vertx, GuardrailOptions options, GuardrailOptions.Service service) {
    WebClientOptions web =
        new WebClientOptions()
            .setConnectTimeout(CONNECT_MS)
            .setFollowRedirects(false)
            .setUserAgent("Concert");
    service.proxies().to(service.url()).ifPresent(web::setProxyOptions);
    return new ServiceGuardrail(
        options,
        service,
        WebClient.create(vertx, web),
        CircuitBreaker.create(
            "guardrail." + options.name(),
            vertx,
            new CircuitBreakerOptions()
                .setMaxFailures(MAX_FAILURES)
                .setResetTimeout(REST_MS)
                // Each question has a timeout of its own.
                .setTimeout(-1)
                .setNotificationAddress(null)));
  }

  /** What the service does not say as it should. The message holds nothing that it sent. */
  private static final class UselessAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UselessAnswer(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  public Future<List<String>> check(
      GuardrailOptions.Moment moment, String callId, List<String> texts) {
    if (texts.isEmpty()) {
      return Future.succeededFuture(texts);
    }
    JsonObject question =
        new JsonObject()
            .put("texts", new JsonArray(texts))
            .put("input_type", moment == GuardrailOptions.Moment.REQUEST ? "request" : "response")
            .put("litellm_call_id", callId)
            .put("request_data", new JsonObject());
    return breaker
        .execute(() -> ask(question))
        .recover(failure -> passes(failure).map(none -> new JsonObject().put("action", "NONE")))
        .map(answer -> decided(answer, texts));
  }

  private Future<JsonObject> ask(JsonObject question) {
    String base = service.url().toString().replaceAll("/+$", "");
    HttpRequest<Buffer> request = client.postAbs(base + PATH).timeout(service.timeout().toMillis());
    service.key().ifPresent(key -> request.putHeader("x-api-key", key));
    return request
        .putHeader(HttpHeaders.ACCEPT.toString(), "application/json")
        .sendJsonObject(question)
        .map(ServiceGuardrail::read);
  }

  private static JsonObject read(HttpResponse<Buffer> response) {
    if (response.statusCode() != 200) {
      throw new UselessAnswer("it answers with status " + response.statusCode());
    }
    try {
      JsonObject answer = response.bodyAsJsonObject();
      if (answer != null && answer.getValue("action") instanceof String) {
        return answer;
      }
    } catch (DecodeException | ClassCastException e) {
      throw new UselessAnswer("its answer is not a JSON object");
    }
    throw new UselessAnswer("its answer names no action");
  }

  /** Whether texts pass without the service. */
  private Future<Void> passes(Throwable failure) {
    // Not for each call while the breaker is open.
    LOG.atLevel(failure instanceof OpenCircuitException ? Level.DEBUG : Level.WARN)
        .log(
            "The guardrail {} cannot be asked, so its texts {}: {}",
            options.name(),
            service.passesWithout() ? "pass" : "are stopped",
            FailureLog.reason(failure));
    return service.passesWithout()
        ? Future.succeededFuture()
        : Future.failedFuture(
            new ConcertException(
                ErrorCode.ENSEMBLE_UNAVAILABLE,
                "The guardrail '%s' cannot be asked, so nothing passes it."
                    .formatted(options.name())));
  }

  private List<String> decided(JsonObject answer, List<String> texts) {
    return switch (answer.getString("action")) {
      case "NONE" -> texts;
      case "GUARDRAIL_INTERVENED" -> changed(answer, texts);
      default ->
          throw blocked(
              Optional.of(answer.getValue("blocked_reason", "the service says so."))
                  .filter(String.class::isInstance)
                  .map(String.class::cast)
                  .map(text -> ShortText.of(text, LONGEST_REASON))
                  .orElse("the service says so."));
    };
  }

  private List<String> changed(JsonObject answer, List<String> texts) {
    if (answer.getValue("texts") instanceof JsonArray changed
        && changed.size() == texts.size()
        && changed.stream().allMatch(String.class::isInstance)) {
      return changed.stream().map(String.class::cast).toList();
    }
    throw blocked("the service has changed the texts, and does not return all of them.");
  }
}
