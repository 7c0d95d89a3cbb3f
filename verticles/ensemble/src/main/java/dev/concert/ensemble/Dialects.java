package dev.concert.ensemble;

import dev.concert.ensemble.provider.anthropic.AnthropicDialect;
import dev.concert.ensemble.provider.chat.ChatDialect;
import dev.concert.ensemble.provider.chat.ChatTraits;
import dev.concert.ensemble.provider.gemini.GeminiDialect;
import dev.concert.ensemble.provider.responses.ResponsesDialect;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.ProviderOptions;

/** Which dialect each kind of provider is spoken to in. */
public final class Dialects {
  private Dialects() {}

  public static Dialect of(ProviderOptions options) {
    String name = options.name();
    return switch (options.type()) {
      case ANTHROPIC -> new AnthropicDialect(name);
      case OPENAI -> new ResponsesDialect(name);
      case GEMINI -> new GeminiDialect(name);
      case OPENAI_COMPATIBLE ->
          new ChatDialect(name, ChatTraits.compatible(options.maxTokensField()));
      case XAI -> new ChatDialect(name, ChatTraits.xai());
      case OPENROUTER -> new ChatDialect(name, ChatTraits.openRouter());
    };
  }
}
