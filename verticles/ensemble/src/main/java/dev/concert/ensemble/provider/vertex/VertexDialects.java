package dev.concert.ensemble.provider.vertex;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.anthropic.AnthropicDialect;
import dev.concert.ensemble.provider.gemini.GeminiDialect;
import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.DialectChoice;
import dev.concert.ensemble.provider.upstream.HostedDialect;
import java.util.Map;

/** The APIs of Google Vertex AI: each vendor's models answer in the vendor's own format. */
public final class VertexDialects implements DialectChoice {
  private final CloudAccess.Google access;
  private final Dialect claude;
  private final Dialect gemini;

  /**
   * @param provider the name in error messages
   * @param headers of the provider's configuration
   */
  public VertexDialects(String provider, Map<String, String> headers, CloudAccess.Google access) {
    this.access = access;
    this.claude = new HostedDialect(new AnthropicDialect(provider), new ClaudeOnVertex(headers));
    this.gemini = new HostedDialect(new GeminiDialect(provider), new GeminiOnVertex());
  }

  @Override
  public Dialect of(ServedModel model, InferenceRequest request) {
    boolean messages =
        access.api().map("messages"::equals).orElseGet(() -> model.upstreamId().contains("claude"));
    return messages ? claude : gemini;
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("Authorization", "Bearer " + key);
  }
}
