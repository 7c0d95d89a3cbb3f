package dev.concert.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Json;
import java.util.List;
import java.util.Optional;

/**
 * One field of a client message: what may stand in it, and what stands in it when it is left out.
 *
 * @param min smallest number or shortest length
 * @param max largest number, or longest length: characters of a string, entries of an array, bytes
 *     of an object's JSON
 * @param choices the only strings allowed; empty for any
 * @param defaultValue null when there is none
 */
record Field(
    String name,
    Kind kind,
    boolean required,
    long min,
    long max,
    List<String> choices,
    Object defaultValue) {

  enum Kind {
    STRING,
    INTEGER,
    BOOLEAN,
    OBJECT,
    ARRAY
  }

  static Field string(String name, int max) {
    return new Field(name, Kind.STRING, true, 1, max, List.of(), null);
  }

  static Field choice(String name, String... choices) {
    return new Field(name, Kind.STRING, true, 1, 64, List.of(choices), null);
  }

  static Field integer(String name, long min, long max) {
    return new Field(name, Kind.INTEGER, true, min, max, List.of(), null);
  }

  static Field flag(String name) {
    return new Field(name, Kind.BOOLEAN, true, 0, 0, List.of(), null);
  }

  static Field object(String name, int maxBytes) {
    return new Field(name, Kind.OBJECT, true, 0, maxBytes, List.of(), null);
  }

  static Field array(String name, int maxEntries) {
    return new Field(name, Kind.ARRAY, true, 0, maxEntries, List.of(), null);
  }

  /** This field, which may be left out. */
  Field optional() {
    return new Field(name, kind, false, min, max, choices, null);
  }

  /** This field, which has a value when it is left out. */
  Field orElse(Object value) {
    return new Field(name, kind, false, min, max, choices, value);
  }

  /** This string field, which may be empty. */
  Field orEmpty() {
    return new Field(name, kind, required, 0, max, choices, defaultValue);
  }

  /**
   * What is wrong with this value, if anything. A null value stands for a field that was left out.
   */
  Optional<String> fault(JsonNode value) {
    if (value == null || value.isNull()) {
      return required ? Optional.of("'" + name + "' is missing") : Optional.empty();
    }
    return switch (kind) {
      case STRING -> faultOfString(value);
      case INTEGER -> faultOfInteger(value);
      case BOOLEAN -> unless(value.isBoolean(), "must be true or false");
      case ARRAY ->
          unless(value.isArray() && value.size() <= max, "must be an array of at most " + max);
      case OBJECT ->
          unless(
              value.isObject() && sizeOf(value) <= max,
              "must be an object of at most " + max + " bytes");
    };
  }

  private Optional<String> faultOfString(JsonNode value) {
    if (!value.isTextual()) {
      return unless(false, "must be a string");
    }
    int length = value.textValue().length();
    if (length < min || length > max) {
      return unless(false, "must have %d to %d characters".formatted(min, max));
    }
    return unless(
        choices.isEmpty() || choices.contains(value.textValue()),
        "must be one of " + String.join(", ", choices));
  }

  private Optional<String> faultOfInteger(JsonNode value) {
    boolean fits =
        value.isIntegralNumber()
            && value.canConvertToLong()
            && value.longValue() >= min
            && value.longValue() <= max;
    return unless(fits, "must be a whole number from %d to %d".formatted(min, max));
  }

  private Optional<String> unless(boolean fine, String rule) {
    return fine ? Optional.empty() : Optional.of("'" + name + "' " + rule);
  }

  private static int sizeOf(JsonNode value) {
    return Json.MAPPER.valueToTree(value).toString().length();
  }
}
