package dev.concert.ensemble;

import dev.concert.ensemble.provider.anthropic.AnthropicDialect;
import dev.concert.ensemble.provider.azure.AzureDialects;
import dev.concert.ensemble.provider.bedrock.BedrockDialects;
import dev.concert.ensemble.provider.chat.ChatDialect;
import dev.concert.ensemble.provider.chat.ChatTraits;
import dev.concert.ensemble.provider.gemini.GeminiDialect;
import dev.concert.ensemble.provider.openai.OpenAiDialects;
import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.upstream.DialectChoice;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.vertex.VertexDialects;

/** Chooses the dialect for each type of provider. */
public final class Dialects {
  private Dialects() {}

  public static DialectChoice of(ProviderOptions options) {
    return options.cloud().map(cloud -> of(options, cloud)).orElseGet(() -> vendors(options));
  }

  private static DialectChoice of(ProviderOptions options, CloudAccess cloud) {
    String name = options.name();
    return switch (cloud) {
      case CloudAccess.Aws aws -> new BedrockDialects(name, options.headers(), aws);
      case CloudAccess.Google google -> new VertexDialects(name, options.headers(), google);
      case CloudAccess.Azure azure -> new AzureDialects(name, options.maxTokensField(), azure);
    };
  }

  private static DialectChoice vendors(ProviderOptions options) {
    String name = options.name();
    return switch (options.type()) {
      case ANTHROPIC -> new AnthropicDialect(name);
      case OPENAI -> new OpenAiDialects(name);
      case GEMINI -> new GeminiDialect(name);
      case OPENAI_COMPATIBLE ->
          new ChatDialect(name, ChatTraits.compatible(options.maxTokensField()));
      case XAI -> new ChatDialect(name, ChatTraits.xai());
      case OPENROUTER -> new ChatDialect(name, ChatTraits.openRouter());
      case BEDROCK, VERTEX, AZURE ->
          throw new IllegalArgumentException("A cloud without its CloudAccess");
    };
  }
}
