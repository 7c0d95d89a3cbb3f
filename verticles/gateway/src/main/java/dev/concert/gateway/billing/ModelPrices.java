package dev.concert.gateway.billing;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.inference.InferenceMessages.ListModels;
import dev.concert.inference.InferenceMessages.Model;
import dev.concert.inference.InferenceMessages.Models;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/** Estimates what the first model call of a turn costs, by the prices of Ensemble. */
record ModelPrices(ConcertBus bus) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** What an agent says before the person does: its instructions and its tools. */
  private static final long INSTRUCTIONS = 4_000;

  /** Tokens of a usual answer. Ensemble has the reservation extended for a longer one. */
  private static final long ANSWER = 1_024;

  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /**
   * The cost of the first call, in US dollars.
   *
   * @param model empty for the default model
   * @param context tokens of the conversation so far; 0 if it begins
   * @param characters of the new message
   * @return fails with the code of Ensemble where it does not answer
   */
  Future<BigDecimal> firstCall(Optional<String> model, long context, long characters) {
    long prompt = Math.max(context, INSTRUCTIONS) + Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
    return bus.request(Addresses.LIST_MODELS, new ListModels(), TIMEOUT)
        .map(
            models ->
                find(models, model)
                    .map(one -> cost(one, prompt))
                    // A model that Ensemble does not serve costs nothing.
                    .orElse(BigDecimal.ZERO));
  }

  private static Optional<Model> find(Models models, Optional<String> wanted) {
    String id = wanted.orElse(models.defaultModel());
    return models.models().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        // A name that a route or an agent gives a meaning: the dearest it may be.
        .or(() -> models.models().stream().max(Comparator.comparing(ModelPrices::answer)));
  }

  private static BigDecimal cost(Model model, long prompt) {
    long inWindow = model.contextWindow() > 0 ? Math.min(prompt, model.contextWindow()) : prompt;
    BigDecimal perPromptToken =
        new BigDecimal(model.inputPrice()).max(new BigDecimal(model.cacheWritePrice()));
    return perPromptToken
        .multiply(BigDecimal.valueOf(inWindow))
        .add(answer(model).multiply(BigDecimal.valueOf(Math.min(ANSWER, model.maxOutputTokens()))))
        .divide(MILLION);
  }

  private static BigDecimal answer(Model model) {
    return new BigDecimal(model.outputPrice()).max(new BigDecimal(model.reasoningPrice()));
  }
}
