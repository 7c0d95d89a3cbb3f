package dev.concert.ensemble.provider.gemini;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.AnswerReader;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Google's Gemini API: {@code streamGenerateContent} as server-sent events, and {@code
 * generateContent}.
 *
 * <p>Format: https://ai.google.dev/api/generate-content
 */
public final class GeminiDialect implements Dialect {
  /** Origin of opaque payloads. */
  public static final String ORIGIN = "gemini";

  private final String provider;

  /**
   * @param provider the name in messages
   */
  public GeminiDialect(String provider) {
    this.provider = provider;
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request) {
    String method = model.can().streaming() ? ":streamGenerateContent?alt=sse" : ":generateContent";
    return new UpstreamRequest(
        "/models/" + model.upstreamId() + method, GenerateRequest.body(model, request));
  }

  @Override
  public AnswerReader reader(Consumer<Block> sink) {
    return new GenerateReader(provider, sink);
  }

  @Override
  public Map<String, String> headers(String key) {
    // In a header and not in the URL: URLs end up in logs.
    return Map.of("x-goog-api-key", key);
  }
}
