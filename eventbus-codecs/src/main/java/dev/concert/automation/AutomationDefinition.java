package dev.concert.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The parts of an automation as a client sends them. A field that is not known is refused: a
 * misspelt one would be left out without a word.
 */
public final class AutomationDefinition {
  private AutomationDefinition() {}

  /**
   * @param json null where the client leaves it out
   * @return null then
   * @throws ConcertException {@code INVALID_MESSAGE}, which names the field
   */
  public static AutomationTrigger trigger(JsonNode json) {
    return read("trigger", json, AutomationTrigger.class, AutomationTrigger::fault);
  }

  /** As {@link #trigger}. */
  public static AutomationTask task(JsonNode json) {
    return read("task", json, AutomationTask.class, AutomationTask::fault);
  }

  /** As {@link #trigger}. */
  public static AutomationPolicy policy(JsonNode json) {
    return read("policy", json, AutomationPolicy.class, AutomationPolicy::fault);
  }

  /**
   * A rule of an inbox.
   *
   * @param when null for all items
   * @throws ConcertException {@code INVALID_MESSAGE}, which names the field
   */
  public static InboxRule rule(String name, JsonNode when, JsonNode then) {
    return new InboxRule(name, match(when), action(then));
  }

  /** Which items a rule is for, as {@link #trigger}. */
  public static InboxRule.Match match(JsonNode json) {
    return read("when", json, InboxRule.Match.class, InboxRule.Match::fault);
  }

  /** What a rule does, as {@link #trigger}. */
  public static InboxRule.Action action(JsonNode json) {
    return read("then", json, InboxRule.Action.class, InboxRule.Action::fault);
  }

  /**
   * The values of a blueprint's parameters.
   *
   * @param json null where there are none
   * @throws ConcertException {@code INVALID_MESSAGE}, which names the value
   */
  public static Map<String, String> values(JsonNode json) {
    Map<String, String> values = new LinkedHashMap<>();
    if (json != null) {
      json.properties()
          .forEach(
              one -> {
                if (!one.getValue().isTextual() && !one.getValue().isNumber()) {
                  throw invalid("'set.%s' must be a text".formatted(one.getKey()));
                }
                values.put(one.getKey(), one.getValue().asText());
              });
    }
    return values;
  }

  private static <T> T read(
      String field, JsonNode json, Class<T> type, Function<T, Optional<String>> rule) {
    if (json == null || json.isNull()) {
      return null;
    }
    T value;
    try {
      value =
          Json.MAPPER
              .readerFor(type)
              .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .readValue(json);
    } catch (UnrecognizedPropertyException e) {
      throw invalid(
          "'%s' is not known; the known fields are: %s"
              .formatted(path(field, e), String.join(", ", new TreeSet<>(known(e)))));
    } catch (JsonMappingException e) {
      throw invalid("'%s' has a wrong type or value".formatted(path(field, e)));
    } catch (JsonProcessingException e) {
      throw invalid("'%s' cannot be read".formatted(field));
    } catch (IOException e) {
      throw new IllegalStateException("JSON in memory cannot be read", e);
    }
    rule.apply(value)
        .ifPresent(
            fault -> {
              throw invalid(fault);
            });
    return value;
  }

  private static List<String> known(UnrecognizedPropertyException failure) {
    return failure.getKnownPropertyIds().stream().map(String::valueOf).toList();
  }

  private static String path(String field, JsonMappingException failure) {
    return failure.getPath().stream()
        .map(
            one ->
                one.getFieldName() == null ? "[" + one.getIndex() + "]" : "." + one.getFieldName())
        .collect(Collectors.joining("", field, ""));
  }

  private static ConcertException invalid(String fault) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "The message is invalid: " + fault + ".");
  }
}
