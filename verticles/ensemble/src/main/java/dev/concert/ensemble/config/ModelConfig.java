package dev.concert.ensemble.config;

import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Capabilities.ThinkingStyle;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.Rates;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.foundation.config.ConfigReader;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** Reads one entry of a provider's {@code models}. */
final class ModelConfig {
  /** Without any of them the cost of a call is unknown. */
  private static final List<String> PRICES = List.of("inputPrice", "outputPrice", "priceTiers");

  private static final int DEFAULT_CONTEXT = 128_000;
  private static final int DEFAULT_OUTPUT = 8_192;
  private static final int MOST_TOKENS = 100_000_000;
  private static final Set<String> PARAMETERS = Set.of("temperature", "top_p", "top_k");

  private ModelConfig() {}

  static ServedModel read(ConfigReader section, String provider) {
    String id = section.text("id");
    return new ServedModel(
        id,
        section.optionalText("upstreamId").orElse(id.endsWith("*") ? "*" : id),
        provider,
        section.number("contextWindow", 1, MOST_TOKENS, DEFAULT_CONTEXT),
        section.number("maxOutputTokens", 1, MOST_TOKENS, DEFAULT_OUTPUT),
        capabilities(section),
        price(section),
        section.seconds("stallTimeoutSeconds", ServedModel.DEFAULT_STALL),
        section.seconds("totalTimeoutSeconds", ServedModel.DEFAULT_TOTAL));
  }

  private static Capabilities capabilities(ConfigReader section) {
    List<String> dropped = section.texts("dropParameters");
    if (!PARAMETERS.containsAll(dropped)) {
      throw section.wrong("dropParameters", "may only name temperature, top_p and top_k");
    }
    return new Capabilities(
        section.flag("tools", true),
        section.flag("thinking", false),
        section.flag("images", false),
        section.flag("documents", false),
        section.flag("audio", false),
        section.flag("structuredOutput", true),
        section.flag("streaming", true),
        style(section),
        Set.copyOf(dropped));
  }

  private static ThinkingStyle style(ConfigReader section) {
    return switch (section.optionalText("thinkingStyle").orElse("effort")) {
      case "effort" -> ThinkingStyle.EFFORT;
      case "budget" -> ThinkingStyle.BUDGET;
      default -> throw section.wrong("thinkingStyle", "must be 'effort' or 'budget'");
    };
  }

  private static Price price(ConfigReader section) {
    if (PRICES.stream().noneMatch(section::has)) {
      return Price.UNKNOWN;
    }
    Rates rates = rates(section);
    return new Price(
        rates,
        section.sections("priceTiers").stream()
            .map(
                tier ->
                    new Price.Tier(
                        tier.number("aboveInputTokens", 1, MOST_TOKENS, MOST_TOKENS), rates(tier)))
            .toList());
  }

  /** A kind of token without a rate of its own uses the rate of its general kind. */
  private static Rates rates(ConfigReader section) {
    BigDecimal input = section.money("inputPrice", BigDecimal.ZERO);
    BigDecimal output = section.money("outputPrice", BigDecimal.ZERO);
    BigDecimal cached = section.money("cachedPrice", input);
    BigDecimal cacheWrite = section.money("cacheWritePrice", input);
    return new Rates(
        input,
        output,
        cached,
        cacheWrite,
        section.money("cacheWriteHourPrice", cacheWrite),
        section.money("reasoningPrice", output),
        section.money("audioPrice", input),
        section.money("cachedAudioPrice", cached));
  }
}
