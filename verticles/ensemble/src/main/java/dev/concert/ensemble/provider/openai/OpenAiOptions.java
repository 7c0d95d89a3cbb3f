package dev.concert.ensemble.provider.openai;

import dev.concert.ensemble.model.ServedModel;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A server that speaks OpenAI's chat completions.
 *
 * @param baseUrl what {@code /chat/completions} is appended to, for example {@code
 *     http://127.0.0.1:11434/v1}
 * @param keyVariable the environment variable the key comes from; empty: the server takes no key
 * @param key the key itself, a secret; empty although a variable is named: not usable
 * @param maxTokensField {@code max_tokens} or {@code max_completion_tokens}
 */
public record OpenAiOptions(
    String name,
    URI baseUrl,
    Optional<String> keyVariable,
    Optional<String> key,
    String maxTokensField,
    List<ServedModel> models) {

  public OpenAiOptions {
    models = List.copyOf(models);
  }

  /** OpenAI's own newer models refuse {@code max_tokens}; most other servers know only that. */
  public static String usualMaxTokensField(URI baseUrl) {
    return "api.openai.com".equals(baseUrl.getHost()) ? "max_completion_tokens" : "max_tokens";
  }

  boolean hasKey() {
    return keyVariable.isEmpty() || key.isPresent();
  }

  @Override
  public String toString() {
    return "OpenAiOptions[name=" + name + ", host=" + baseUrl.getHost() + "]";
  }
}
