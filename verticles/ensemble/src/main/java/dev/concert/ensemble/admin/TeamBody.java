package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.Team;
import java.util.List;
import java.util.Map;

/** A team as JSON of the admin API. */
@JsonNaming(SnakeCaseStrategy.class)
record TeamBody(
    String teamId,
    String customerId,
    String name,
    Long rateLimitRpm,
    Long rateLimitTpm,
    List<String> allowedModels,
    String budget,
    String budgetPeriod,
    Map<String, KeyBody.ModelBudget> modelBudgets,
    String createdAt) {

  record All(List<TeamBody> teams) {}

  @JsonNaming(SnakeCaseStrategy.class)
  record Deleted(String teamId, boolean deleted, int revokedKeys) {}

  static TeamBody of(Team team) {
    KeySettings settings = team.settings();
    return new TeamBody(
        team.id(),
        team.customerId(),
        settings.name(),
        KeyBody.limit(settings.limit().requests()),
        KeyBody.limit(settings.limit().tokens()),
        KeyBody.models(settings),
        KeyBody.amount(settings),
        KeyBody.period(settings),
        KeyBody.modelBudgets(settings),
        team.createdAt().toString());
  }
}
