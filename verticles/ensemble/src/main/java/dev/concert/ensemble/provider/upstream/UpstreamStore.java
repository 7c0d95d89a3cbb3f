package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.ClientField;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/**
 * The files and batches at one server. It has a circuit breaker of its own, so that its failures do
 * not keep calls away.
 */
final class UpstreamStore implements VendorStore {
  /** After so long a silence the server has gone. */
  private static final long SILENCE_MS = 120_000;

  /** Descriptions of files and batches are small. */
  private static final int LARGEST = 4 * 1024 * 1024;

  private final String provider;
  private final Api api;
  private final boolean halfPrice;
  private final VendorToolCheck tools;
  private final UpstreamClient gate;

  /**
   * @param halfPrice as the vendors themselves sell the answers of a batch
   */
  UpstreamStore(
      String provider, Api api, boolean halfPrice, VendorToolCheck tools, UpstreamClient gate) {
    this.provider = provider;
    this.api = api;
    this.halfPrice = halfPrice;
    this.tools = tools;
    this.gate = gate;
  }

  @Override
  public Api api() {
    return api;
  }

  @Override
  public boolean isHalfPrice() {
    return halfPrice;
  }

  @Override
  public void check(JsonNode body) {
    try {
      tools.checkFields(body);
    } catch (ConcertException refused) {
      throw ClientField.withoutMark(refused);
    }
  }

  @Override
  public void checkLine(ClientRequest line) {
    try {
      Optional<PassThroughRequest> passed = PassThroughRequest.of(line);
      if (passed.isPresent()) {
        tools.checkFields(passed.get().toCheck());
        return;
      }
      tools.checkFields(line.body());
      tools.checkOwn(line.body());
      tools.checkSent(line.body());
    } catch (ConcertException refused) {
      throw ClientField.withoutMark(refused);
    }
  }

  @Override
  public Future<ObjectNode> ask(Request request) {
    return read(request).compose(this::object);
  }

  @Override
  public Future<HttpClientResponse> read(Request request) {
    JsonNode body =
        request.method() == HttpMethod.POST
            ? BinaryNode.valueOf(request.body().getBytes())
            : MissingNode.getInstance();
    String version = api == Api.ANTHROPIC ? "/v1" : "";
    return gate.send(
        new UpstreamRequest(request.method(), version + request.path(), body, request.headers()),
        false,
        new Patience());
  }

  private Future<ObjectNode> object(HttpClientResponse response) {
    Promise<ObjectNode> object = Promise.promise();
    Buffer all = Buffer.buffer();
    response.exceptionHandler(
        cut -> object.tryFail(MalformedResponse.of(provider, "cut the response off")));
    response.handler(
        piece -> {
          all.appendBuffer(piece);
          if (all.length() > LARGEST) {
            object.tryFail(MalformedResponse.of(provider, "sent an object of more than 4 MiB"));
            response.request().reset();
          }
        });
    response.endHandler(
        end -> {
          try {
            JsonNode read = MalformedResponse.object(provider, all.toString());
            object.tryComplete((ObjectNode) read);
          } catch (RuntimeException malformed) {
            object.tryFail(malformed);
          }
        });
    response.resume();
    return object.future();
  }

  @Override
  public TokenCount count(JsonNode answer) {
    JsonNode usage = answer.path("usage");
    if (!usage.isObject()) {
      return TokenCount.NONE;
    }
    return api == Api.ANTHROPIC ? anthropics(usage) : openAis(usage);
  }

  private static TokenCount anthropics(JsonNode usage) {
    return TokenCount.ofParts(
        usage.path("input_tokens").asLong(),
        usage.path("cache_read_input_tokens").asLong(),
        usage.path("cache_creation_input_tokens").asLong(),
        usage.path("cache_creation").path("ephemeral_1h_input_tokens").asLong(),
        usage.path("output_tokens").asLong(),
        usage.path("output_tokens_details").path("thinking_tokens").asLong());
  }

  /** Chat Completions and Responses have other names. */
  private static TokenCount openAis(JsonNode usage) {
    boolean chat = usage.has("prompt_tokens");
    String prompt = chat ? "prompt_tokens" : "input_tokens";
    String written = chat ? "completion_tokens" : "output_tokens";
    return TokenCount.ofPromptTotal(
        usage.path(prompt).asLong(),
        usage.path(prompt + "_details").path("cached_tokens").asLong(),
        0,
        usage.path(written).asLong(),
        usage.path(written + "_details").path("reasoning_tokens").asLong());
  }

  /** Nobody cancels these requests; a server that says nothing for long is left. */
  private static final class Patience implements UpstreamClient.Sender {
    @Override
    public void sending(HttpClientRequest request) {
      request.idleTimeout(SILENCE_MS);
    }

    @Override
    public boolean unwanted() {
      return false;
    }
  }
}
