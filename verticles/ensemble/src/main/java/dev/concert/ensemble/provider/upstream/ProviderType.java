package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.provider.VendorStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The types of providers that can be configured. */
public enum ProviderType {
  OPENAI_COMPATIBLE("openai-compatible", ""),
  ANTHROPIC("anthropic", "https://api.anthropic.com"),
  OPENAI("openai", "https://api.openai.com/v1"),
  GEMINI("gemini", "https://generativelanguage.googleapis.com/v1beta"),
  XAI("xai", "https://api.x.ai/v1"),
  OPENROUTER("openrouter", "https://openrouter.ai/api/v1"),
  BEDROCK("bedrock", ""),
  VERTEX("vertex", ""),
  AZURE("azure", "");

  private final String word;
  private final String usualUrl;

  ProviderType(String word, String usualUrl) {
    this.word = word;
    this.usualUrl = usualUrl;
  }

  /** Its name in the configuration. */
  public String word() {
    return word;
  }

  /** The vendor's URL; empty if there is no single vendor. */
  public Optional<String> usualUrl() {
    return Optional.of(usualUrl).filter(url -> !url.isEmpty());
  }

  /** The API of its files and batches; empty if it has none that is passed on. */
  public Optional<VendorStore.Api> keeps() {
    return switch (this) {
      case OPENAI, OPENAI_COMPATIBLE -> Optional.of(VendorStore.Api.OPENAI);
      case ANTHROPIC -> Optional.of(VendorStore.Api.ANTHROPIC);
      default -> Optional.empty();
    };
  }

  public static Optional<ProviderType> ofWord(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }

  /** All names, for an error message. */
  public static String words() {
    return Arrays.stream(values()).map(ProviderType::word).collect(Collectors.joining(", "));
  }
}
