package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.CreatedKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * API keys as JSON of the admin API. A null limit means no limit, and a null list of models all
 * models; an empty list allows none.
 */
final class KeyBody {
  private static final String MODEL_BUDGETS = "model_budgets";
  private static final String TEAM = "team_id";

  /** The fields that {@link #settings} reads. */
  static final Set<String> SETTINGS =
      Set.of(
          "name",
          "rate_limit_rpm",
          "rate_limit_tpm",
          "allowed_models",
          "budget",
          "budget_period",
          MODEL_BUDGETS,
          "expires_at",
          TEAM);

  static final Set<String> SETTINGS_OF_TEAM =
      SETTINGS.stream()
          .filter(field -> !field.equals("expires_at") && !field.equals(TEAM))
          .collect(Collectors.toUnmodifiableSet());

  private static final String MODELS = "allowed_models";
  private static final int LONGEST_NAME = 200;

  private KeyBody() {}

  /** A key without its secret. */
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
      Map<String, ModelBudget> modelBudgets,
      String teamId,
      String expiresAt,
      String createdAt) {}

  /** The budget of one model. */
  @JsonNaming(SnakeCaseStrategy.class)
  record ModelBudget(String budget, String budgetPeriod) {}

  /** A new key with its secret, which is shown only once. */
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
        AdminFields.word(key.status()),
        limit(settings.limit().requests()),
        limit(settings.limit().tokens()),
        models(settings),
        amount(settings),
        period(settings),
        modelBudgets(settings),
        settings.team().orElse(null),
        settings.expiresAt().map(Instant::toString).orElse(null),
        key.createdAt().toString());
  }

  static Fresh fresh(CreatedKey made) {
    return new Fresh(
        made.secret(),
        made.key().id(),
        made.key().prefix(),
        made.key().customerId(),
        made.key().settings().name());
  }

  /** Null for all models. */
  static List<String> models(KeySettings settings) {
    return settings.allowedModels().map(models -> List.copyOf(new TreeSet<>(models))).orElse(null);
  }

  /** Null without a budget. */
  static String amount(KeySettings settings) {
    return settings.budget().map(budget -> budget.amount().toPlainString()).orElse(null);
  }

  /** Null without a budget. */
  static String period(KeySettings settings) {
    return settings.budget().map(budget -> AdminFields.word(budget.period())).orElse(null);
  }

  static Map<String, ModelBudget> modelBudgets(KeySettings settings) {
    Map<String, ModelBudget> shown = new TreeMap<>();
    settings
        .modelBudgets()
        .forEach(
            (model, budget) ->
                shown.put(
                    model,
                    new ModelBudget(
                        budget.amount().toPlainString(), AdminFields.word(budget.period()))));
    return shown;
  }

  /**
   * The fields after a change. Fields that the request does not name keep their value.
   *
   * @param known the fields that there are
   */
  static AdminFields changed(KeySettings now, ObjectNode asked, Set<String> known) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("name", now.name());
    all.put("rate_limit_rpm", now.limit().requests());
    all.put("rate_limit_tpm", now.limit().tokens());
    now.allowedModels().ifPresent(models -> models.forEach(all.putArray(MODELS)::add));
    now.budget()
        .ifPresent(
            budget ->
                all.put("budget", budget.amount().toPlainString())
                    .put("budget_period", AdminFields.word(budget.period())));
    now.expiresAt().ifPresent(end -> all.put("expires_at", end.toString()));
    now.team().ifPresent(team -> all.put(TEAM, team));
    all.set(MODEL_BUDGETS, Json.MAPPER.valueToTree(modelBudgets(now)));
    all.setAll(asked);
    return new AdminFields(all, known);
  }

  /** A model that was named before may have been taken out of the configuration since. */
  static KeySettings changed(KeySettings now, AdminFields fields, Predicate<String> isModel) {
    Set<String> had = now.allowedModels().orElse(Set.of());
    return checked(
        settings(fields),
        model ->
            had.contains(model) || now.modelBudgets().containsKey(model) || isModel.test(model));
  }

  /**
   * Refuses models that are not served.
   *
   * @param isKnown whether clients can name this model
   */
  static KeySettings checked(KeySettings settings, Predicate<String> isKnown) {
    settings.allowedModels().ifPresent(models -> check(MODELS, models, isKnown));
    check(MODEL_BUDGETS, settings.modelBudgets().keySet(), isKnown);
    return settings;
  }

  private static void check(String field, Set<String> models, Predicate<String> isKnown) {
    models.stream()
        .filter(isKnown.negate())
        .sorted()
        .findFirst()
        .ifPresent(
            unknown -> {
              throw AdminFields.wrong(
                  field,
                  "there is no model '%s'; GET /api/v1/models lists them".formatted(unknown));
            });
  }

  static KeySettings settings(AdminFields fields) {
    return new KeySettings(
        fields.text("name", LONGEST_NAME),
        fields.texts(MODELS, LONGEST_NAME),
        new RateLimit(
            fields.number("rate_limit_rpm", 1, RateLimit.MOST, RateLimit.MOST),
            fields.number("rate_limit_tpm", 1, RateLimit.MOST, RateLimit.MOST)),
        budget(fields),
        fields.time("expires_at"),
        fields.textOrNone(TEAM, LONGEST_NAME),
        budgets(fields));
  }

  private static Map<String, Budget> budgets(AdminFields fields) {
    Map<String, Budget> budgets = new TreeMap<>();
    fields
        .parts(MODEL_BUDGETS, Set.of("budget", "budget_period"))
        .forEach(
            (model, part) ->
                budgets.put(
                    model,
                    budget(part)
                        .orElseThrow(
                            () ->
                                AdminFields.wrong(
                                    MODEL_BUDGETS + "." + model,
                                    "needs a budget, such as {\"budget\": \"12.50\"}"))));
    return budgets;
  }

  /** An amount for a period; by default a month. */
  static Optional<Budget> budget(AdminFields fields) {
    Optional<BudgetPeriod> period = fields.word("budget_period", BudgetPeriod.class);
    return fields
        .money("budget")
        .map(amount -> new Budget(amount, period.orElse(BudgetPeriod.MONTH)));
  }

  static Long limit(long most) {
    return most == RateLimit.MOST ? null : most;
  }
}
