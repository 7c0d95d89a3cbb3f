package dev.concert.ensemble.provider.bedrock;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.anthropic.AnthropicDialect;
import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.DialectChoice;
import dev.concert.ensemble.provider.upstream.HostedDialect;
import java.util.Map;

/**
 * The APIs of Amazon Bedrock: Claude answers in Anthropic's own format, other models in Amazon's.
 */
public final class BedrockDialects implements DialectChoice {
  private final CloudAccess.Aws access;
  private final Dialect claude;
  private final Dialect converse;

  /**
   * @param provider the name in error messages
   * @param headers of the provider's configuration
   */
  public BedrockDialects(String provider, Map<String, String> headers, CloudAccess.Aws access) {
    this.access = access;
    AnthropicDialect vendors = new AnthropicDialect(provider);
    this.claude = new HostedDialect(vendors, new ClaudeOnBedrock(provider, headers));
    this.converse = new ConverseDialect(provider, vendors);
  }

  @Override
  public Dialect of(ServedModel model, InferenceRequest request) {
    boolean messages =
        access
            .api()
            .map("messages"::equals)
            .orElseGet(() -> model.upstreamId().contains("anthropic."));
    return messages ? claude : converse;
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("Authorization", "Bearer " + key);
  }
}
