package dev.concert.ensemble.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.json.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** The budgets of single models as JSON of their column. */
final class ModelBudgets {
  private static final String AMOUNT = "budget";
  private static final String PERIOD = "period";

  private ModelBudgets() {}

  static String json(Map<String, Budget> budgets) {
    ObjectNode all = Json.MAPPER.createObjectNode();
    new TreeMap<>(budgets)
        .forEach(
            (model, budget) ->
                all.putObject(model)
                    .put(AMOUNT, budget.amount().toPlainString())
                    .put(PERIOD, budget.period().name()));
    return all.toString();
  }

  static Map<String, Budget> parse(String json) {
    try {
      Map<String, Budget> budgets = new TreeMap<>();
      for (Map.Entry<String, JsonNode> each : Json.MAPPER.readTree(json).properties()) {
        budgets.put(
            each.getKey(),
            new Budget(
                new BigDecimal(each.getValue().path(AMOUNT).textValue()),
                BudgetPeriod.valueOf(each.getValue().path(PERIOD).textValue())));
      }
      return budgets;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The column model_budgets is not JSON", e);
    }
  }
}
