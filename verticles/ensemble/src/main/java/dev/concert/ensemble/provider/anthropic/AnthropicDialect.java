package dev.concert.ensemble.provider.anthropic;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.AnswerReader;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Anthropic's Messages API, version 2023-06-01.
 *
 * <p>Format: https://platform.claude.com/docs/en/api/messages
 */
public final class AnthropicDialect implements Dialect {
  /** Origin of opaque payloads: signatures hold wherever the vendor's models are served. */
  public static final String ORIGIN = "anthropic";

  private final String provider;

  /**
   * @param provider the name in messages
   */
  public AnthropicDialect(String provider) {
    this.provider = provider;
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request) {
    return new UpstreamRequest("/v1/messages", MessagesRequest.body(model, request));
  }

  @Override
  public AnswerReader reader(Consumer<Block> sink) {
    return new MessagesReader(provider, sink);
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("x-api-key", key, "anthropic-version", "2023-06-01");
  }
}
