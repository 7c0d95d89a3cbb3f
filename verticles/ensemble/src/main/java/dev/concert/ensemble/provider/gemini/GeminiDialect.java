package dev.concert.ensemble.provider.gemini;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
   * @param provider the name in error messages
   */
  public GeminiDialect(String provider) {
    this.provider = provider;
  }

  @Override
  public Optional<Wire> wire() {
    return Optional.of(Wire.GEMINI);
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request, ClientRequest own) {
    return new UpstreamRequest(
        path(model), OwnGenerateRequest.body(model, own.body()), own.headers());
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request) {
    return new UpstreamRequest(path(model), GenerateRequest.body(model, request));
  }

  private static String path(ServedModel model) {
    String method = model.can().streaming() ? ":streamGenerateContent?alt=sse" : ":generateContent";
    return "/models/" + model.upstreamId() + method;
  }

  /** Source: https://ai.google.dev/api/tokens. */
  @Override
  public Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest encoded) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("generateContentRequest")
        .put("model", "models/" + model.upstreamId())
        .setAll((ObjectNode) encoded.body());
    return Optional.of(
        new TokenCountRequest(
            new UpstreamRequest("/models/" + model.upstreamId() + ":countTokens", body),
            "totalTokens"));
  }

  @Override
  public Set<NativeOption> lacks(ServedModel model, InferenceRequest request) {
    return NativeOption.with(
        model.can().thinking(), NativeOption.CACHE_KEY, NativeOption.PARALLEL_TOOL_CALLS);
  }

  @Override
  public boolean carries(ClientRequest other, UncarriedField field) {
    return field.isErrorMark();
  }

  @Override
  public ResponseReader reader(Consumer<Block> sink) {
    return new GenerateReader(provider, sink);
  }

  @Override
  public Map<String, String> headers(String key) {
    // In a header and not in the URL: URLs end up in logs.
    return Map.of("x-goog-api-key", key);
  }
}
