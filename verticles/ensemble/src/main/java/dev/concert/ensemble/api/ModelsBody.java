package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.inference.InferenceMessages;
import java.util.List;

/**
 * The answer of {@code GET /api/v1/models}. Prices are US dollars for a million tokens.
 *
 * @param defaultModel null if no served model is allowed to the caller
 */
@JsonNaming(SnakeCaseStrategy.class)
record ModelsBody(List<Entry> models, String defaultModel) {

  @JsonNaming(SnakeCaseStrategy.class)
  record Entry(
      String id,
      String provider,
      int contextWindow,
      int maxOutputTokens,
      boolean tools,
      boolean thinking,
      boolean images,
      boolean documents,
      boolean audio,
      boolean structuredOutput,
      String inputPrice,
      String outputPrice,
      String cachedPrice,
      String cacheWritePrice,
      String reasoningPrice) {}

  /**
   * @param models the first is the default
   */
  static ModelsBody of(List<InferenceMessages.Model> models) {
    return new ModelsBody(
        models.stream().map(ModelsBody::entry).toList(),
        models.isEmpty() ? null : models.getFirst().id());
  }

  private static Entry entry(InferenceMessages.Model model) {
    return new Entry(
        model.id(),
        model.provider(),
        model.contextWindow(),
        model.maxOutputTokens(),
        model.tools(),
        model.thinking(),
        model.images(),
        model.documents(),
        model.audio(),
        model.structuredOutput(),
        model.inputPrice(),
        model.outputPrice(),
        model.cachedPrice(),
        model.cacheWritePrice(),
        model.reasoningPrice());
  }
}
