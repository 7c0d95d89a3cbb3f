package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.NativeOption;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.TokenCountRequest;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Anthropic's Messages API, version 2023-06-01.
 *
 * <p>Format: https://platform.claude.com/docs/en/api/messages
 */
public final class AnthropicDialect implements Dialect {
  /** Origin of opaque payloads: signatures are valid wherever the vendor's models are served. */
  public static final String ORIGIN = "anthropic";

  /** Fields that do not belong to the prompt; the API refuses them where it counts. */
  private static final List<String> NO_PROMPT =
      List.of(
          "max_tokens",
          "stream",
          "temperature",
          "top_p",
          "top_k",
          "stop_sequences",
          "metadata",
          "service_tier",
          "container",
          "inference_geo");

  private final String provider;

  /**
   * @param provider the name in error messages
   */
  public AnthropicDialect(String provider) {
    this.provider = provider;
  }

  @Override
  public Optional<Wire> wire() {
    return Optional.of(Wire.MESSAGES);
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request, ClientRequest own) {
    return new UpstreamRequest(
        "/v1/messages", OwnMessagesRequest.body(model, own.body()), own.headers());
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request) {
    return new UpstreamRequest("/v1/messages", MessagesRequest.body(model, request));
  }

  /** Source: https://platform.claude.com/docs/en/api/messages-count-tokens. */
  @Override
  public Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest encoded) {
    return Optional.of(
        new TokenCountRequest(
            new UpstreamRequest(
                "/v1/messages/count_tokens", prompt(encoded.body()), encoded.headers()),
            "input_tokens"));
  }

  /** What of a request's body is counted. */
  public static ObjectNode prompt(JsonNode messages) {
    ObjectNode prompt = JsonNodeFactory.instance.objectNode();
    prompt.setAll((ObjectNode) messages);
    prompt.remove(NO_PROMPT);
    return prompt;
  }

  @Override
  public Set<NativeOption> lacks(ServedModel model, InferenceRequest request) {
    return MessagesRequest.lacks(model.can(), request);
  }

  @Override
  public boolean carries(ClientRequest other, UncarriedField field) {
    return field.isErrorMark();
  }

  @Override
  public ResponseReader reader(Consumer<Block> sink) {
    return new MessagesReader(provider, sink);
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("x-api-key", key, "anthropic-version", "2023-06-01");
  }
}
