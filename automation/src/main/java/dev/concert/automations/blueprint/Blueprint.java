package dev.concert.automations.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.automation.AutomationDefinition;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template of automations. In each text of the task, {@code {{name}}} stands for the value of a
 * parameter.
 *
 * @param name of its file
 * @param title of automations that are made of it
 * @param parameters what has to be said, by their names
 * @param trigger when it is due unless somebody says otherwise
 * @param task as in a request, with places for the parameters
 */
public record Blueprint(
    String name,
    String title,
    String description,
    Map<String, Parameter> parameters,
    AutomationTrigger trigger,
    JsonNode task,
    AutomationPolicy policy) {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");
  private static final int MAX_VALUE = 4000;

  /** Parameters of every blueprint; what they are not given is as in the file. */
  private static final List<String> OF_EACH = List.of("agent", "model");

  /**
   * A part of the task that is said when an automation is made.
   *
   * @param fallback empty where it has to be said
   */
  public record Parameter(String description, Optional<String> fallback) {}

  /**
   * @throws ConcertException {@code INVALID_MESSAGE}, which says what is wrong
   */
  static Blueprint read(JsonNode file) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    file.path("parameters")
        .properties()
        .forEach(
            one ->
                parameters.put(
                    one.getKey(),
                    new Parameter(
                        one.getValue().path("description").asText(),
                        Optional.ofNullable(one.getValue().get("default")).map(JsonNode::asText))));
    AutomationTrigger trigger = AutomationDefinition.trigger(file.get("trigger"));
    Blueprint blueprint =
        new Blueprint(
            file.path("name").asText(),
            file.path("title").asText(),
            file.path("description").asText(),
            parameters,
            trigger == null
                ? new AutomationTrigger(AutomationTrigger.Kind.MANUAL, null, null)
                : trigger,
            file.path("task"),
            AutomationDefinition.policy(file.get("policy")));
    Map<String, String> some = new LinkedHashMap<>();
    parameters.keySet().forEach(name -> some.put(name, "x"));
    blueprint.task(some);
    return blueprint;
  }

  /**
   * The task with these values.
   *
   * @throws ConcertException {@code INVALID_MESSAGE}, which names the parameter
   */
  public AutomationTask task(Map<String, String> values) {
    for (String name : values.keySet()) {
      if (!parameters.containsKey(name) && !OF_EACH.contains(name)) {
        throw invalid(
            "'set.%s' is no parameter of this blueprint; it has: %s"
                .formatted(name, String.join(", ", new TreeSet<>(parameters.keySet()))));
      }
      if (values.get(name).length() > MAX_VALUE) {
        throw invalid("'set.%s' has more than %d characters".formatted(name, MAX_VALUE));
      }
    }
    ObjectNode filled = (ObjectNode) filled(task, values);
    Optional.ofNullable(values.get("agent")).ifPresent(type -> filled.put("agentType", type));
    Optional.ofNullable(values.get("model")).ifPresent(model -> filled.put("model", model));
    return AutomationDefinition.task(filled);
  }

  private JsonNode filled(JsonNode part, Map<String, String> values) {
    return switch (part) {
      case ObjectNode object -> {
        ObjectNode copy = Json.MAPPER.createObjectNode();
        object
            .properties()
            .forEach(
                one -> {
                  JsonNode value = filled(one.getValue(), values);
                  // A part that is left empty is as if it were not there.
                  if (!value.isTextual() || !value.textValue().isEmpty()) {
                    copy.set(one.getKey(), value);
                  }
                });
        yield copy;
      }
      case ArrayNode list -> {
        ArrayNode copy = Json.MAPPER.createArrayNode();
        list.forEach(one -> copy.add(filled(one, values)));
        yield copy;
      }
      case TextNode text -> TextNode.valueOf(filled(text.textValue(), values));
      default -> part;
    };
  }

  private String filled(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> Matcher.quoteReplacement(value(place.group(1), values)));
  }

  private String value(String name, Map<String, String> values) {
    Parameter parameter =
        Optional.ofNullable(parameters.get(name))
            .orElseThrow(() -> invalid("the blueprint has no parameter '%s'".formatted(name)));
    return Optional.ofNullable(values.get(name))
        .or(parameter::fallback)
        .orElseThrow(
            () ->
                invalid(
                    "'set.%s' is missing: %s"
                        .formatted(name, parameter.description().replaceAll("\\.$", ""))));
  }

  private static ConcertException invalid(String fault) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "The message is invalid: " + fault + ".");
  }
}
