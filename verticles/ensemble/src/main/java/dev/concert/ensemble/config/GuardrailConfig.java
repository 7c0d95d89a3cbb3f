package dev.concert.ensemble.config;

import dev.concert.ensemble.guardrail.GuardrailOptions;
import dev.concert.ensemble.guardrail.GuardrailOptions.Moment;
import dev.concert.ensemble.guardrail.TextKind;
import dev.concert.ensemble.guardrail.TextPattern;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.proxy.OutboundProxies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Reads {@code ensemble.guardrails}. */
final class GuardrailConfig {
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration USUAL = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private GuardrailConfig() {}

  private enum Type {
    PATTERN,
    SERVICE
  }

  private enum Action {
    BLOCK,
    REDACT
  }

  private enum Failure {
    BLOCK,
    PASS
  }

  static List<GuardrailOptions> read(
      ConfigReader section, Map<String, String> environment, OutboundProxies proxies) {
    List<GuardrailOptions> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConfigReader one : section.sections("guardrails")) {
      GuardrailOptions options =
          new GuardrailOptions(
              one.text("name"),
              moments(one),
              switch (one.choice("type", Type.class, Type.PATTERN)) {
                case PATTERN -> patterns(one);
                case SERVICE -> service(one, environment, proxies);
              });
      if (!names.add(options.name())) {
        throw one.wrong("name", "must be another one: an earlier guardrail has it");
      }
      all.add(options);
    }
    return all;
  }

  private static Set<Moment> moments(ConfigReader section) {
    Set<Moment> moments = EnumSet.noneOf(Moment.class);
    for (String word : section.texts("on")) {
      moments.add(constant(section, "on", Moment.class, word));
    }
    return moments.isEmpty() ? EnumSet.allOf(Moment.class) : moments;
  }

  private static GuardrailOptions.Patterns patterns(ConfigReader section) {
    List<TextPattern> all = new ArrayList<>();
    for (String word : section.texts("kinds")) {
      all.add(constant(section, "kinds", TextKind.class, word).pattern());
    }
    section
        .textMap("patterns")
        .forEach((label, regex) -> all.add(TextPattern.of(label, compiled(section, label, regex))));
    if (all.isEmpty()) {
      throw section.wrong("kinds", "or patterns must name something to look for");
    }
    return new GuardrailOptions.Patterns(
        List.copyOf(all), section.choice("action", Action.class, Action.BLOCK) == Action.REDACT);
  }

  private static Pattern compiled(ConfigReader section, String label, String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw section.wrong(
          "patterns." + label, "must be a regular expression of Java: " + e.getDescription());
    }
  }

  private static GuardrailOptions.Service service(
      ConfigReader section, Map<String, String> environment, OutboundProxies proxies) {
    Optional<String> variable = section.optionalText("apiKeyEnv");
    Optional<String> key = variable.map(environment::get).filter(value -> !value.isBlank());
    if (variable.isPresent() && key.isEmpty()) {
      throw section.wrong(
          "apiKeyEnv", "names the variable %s, which is not set".formatted(variable.get()));
    }
    return new GuardrailOptions.Service(
        section.url("url"),
        key,
        section.millis("timeoutMs", SHORTEST, LONGEST, USUAL),
        section.choice("onFailure", Failure.class, Failure.BLOCK) == Failure.PASS,
        proxies);
  }

  private static <E extends Enum<E>> E constant(
      ConfigReader section, String key, Class<E> type, String word) {
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> word(one).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                section.wrong(
                    key,
                    "must have only "
                        + Arrays.stream(type.getEnumConstants())
                            .map(GuardrailConfig::word)
                            .collect(Collectors.joining(", "))));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
