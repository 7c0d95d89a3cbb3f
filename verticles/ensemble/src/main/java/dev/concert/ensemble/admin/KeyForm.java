package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.Period;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.NewKey;
import dev.concert.ensemble.limit.RateLimit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Keys as the admin API speaks of them. A limit that is null does not limit. */
final class KeyForm {
  /** Those of {@link #settings}. */
  static final Set<String> SETTINGS =
      Set.of(
          "name", "rate_limit_rpm", "rate_limit_tpm", "allowed_models", "budget", "budget_period");

  private static final int LONGEST_NAME = 200;

  private KeyForm() {}

  /** What may be shown of a key as often as one likes. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Shown(
      String keyId,
      String customerId,
      String prefix,
      String name,
      String status,
      Long rateLimitRpm,
      Long rateLimitTpm,
      List<String> allowedModels,
      String budget,
      String budgetPeriod,
      String createdAt) {}

  /** The key itself, which is shown this once. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Fresh(String key, String keyId, String prefix, String customerId, String name) {
    @Override
    public String toString() {
      return "Fresh[keyId=" + keyId + "]";
    }
  }

  record All(List<Shown> keys) {}

  static Shown shown(ApiKey key) {
    KeySettings settings = key.settings();
    return new Shown(
        key.id(),
        key.customerId(),
        key.prefix(),
        settings.name(),
        Fields.word(key.status()),
        limit(settings.limit().requests()),
        limit(settings.limit().tokens()),
        List.copyOf(new TreeSet<>(settings.allowedModels())),
        settings.budget().map(budget -> budget.amount().toPlainString()).orElse(null),
        settings.budget().map(budget -> Fields.word(budget.period())).orElse(null),
        key.createdAt().toString());
  }

  static Fresh fresh(NewKey made) {
    return new Fresh(
        made.secret(),
        made.key().id(),
        made.key().prefix(),
        made.key().customerId(),
        made.key().settings().name());
  }

  /** The fields of a key that is to be changed: those not asked for keep what they are. */
  static Fields changed(KeySettings now, ObjectNode asked) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("name", now.name());
    all.put("rate_limit_rpm", now.limit().requests());
    all.put("rate_limit_tpm", now.limit().tokens());
    now.allowedModels().forEach(all.putArray("allowed_models")::add);
    now.budget()
        .ifPresent(
            budget ->
                all.put("budget", budget.amount().toPlainString())
                    .put("budget_period", Fields.word(budget.period())));
    all.setAll(asked);
    return new Fields(all, SETTINGS);
  }

  static KeySettings settings(Fields fields) {
    return new KeySettings(
        fields.text("name", LONGEST_NAME),
        fields.texts("allowed_models", LONGEST_NAME),
        new RateLimit(
            fields.number("rate_limit_rpm", 1, RateLimit.MOST, RateLimit.MOST),
            fields.number("rate_limit_tpm", 1, RateLimit.MOST, RateLimit.MOST)),
        budget(fields));
  }

  /** An amount for a period, a month where none is named. */
  static Optional<Budget> budget(Fields fields) {
    Optional<Period> period = fields.word("budget_period", Period.class);
    return fields.money("budget").map(amount -> new Budget(amount, period.orElse(Period.MONTH)));
  }

  static Long limit(long most) {
    return most == RateLimit.MOST ? null : most;
  }
}
