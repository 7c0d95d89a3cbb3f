package dev.concert.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.text.OneLine;
import java.util.List;
import java.util.Optional;

/**
 * One field of a request: which values it takes, and its default.
 *
 * @param min smallest number or shortest length
 * @param max largest number, or longest length: characters of a string, entries of an array, bytes
 *     of an object's JSON or of raw bytes
 * @param choices the only strings allowed; empty for any
 * @param defaultValue null when there is none
 * @param orNumber whether a string may also be given as a whole number
 * @param inQuery whether an HTTP request with a body carries this field in its query
 * @param isLine whether a string has to be {@link OneLine}
 */
public record Field(
    String name,
    Kind kind,
    boolean required,
    long min,
    long max,
    List<String> choices,
    Object defaultValue,
    boolean orNumber,
    boolean inQuery,
    boolean isLine) {

  /** The type of a value. */
  public enum Kind {
    STRING,
    INTEGER,
    BOOLEAN,
    OBJECT,
    ARRAY,
    /** The whole body of an HTTP request. */
    BYTES
  }

  private static Field of(String name, Kind kind, long min, long max, String... choices) {
    return new Field(name, kind, true, min, max, List.of(choices), null, false, false, false);
  }

  static Field string(String name, int max) {
    return of(name, Kind.STRING, 1, max);
  }

  /** A name or a title: a string of one line. */
  static Field line(String name, int max) {
    return new Field(name, Kind.STRING, true, 1, max, List.of(), null, false, false, true);
  }

  static Field choice(String name, String... choices) {
    return of(name, Kind.STRING, 1, 64, choices);
  }

  static Field integer(String name, long min, long max) {
    return of(name, Kind.INTEGER, min, max);
  }

  static Field flag(String name) {
    return of(name, Kind.BOOLEAN, 0, 0);
  }

  static Field object(String name, int maxBytes) {
    return of(name, Kind.OBJECT, 0, maxBytes);
  }

  static Field array(String name, int maxEntries) {
    return of(name, Kind.ARRAY, 0, maxEntries);
  }

  static Field bytes(String name, int max) {
    return of(name, Kind.BYTES, 0, max);
  }

  /** This field, which may be left out. */
  Field optional() {
    return new Field(name, kind, false, min, max, choices, null, orNumber, inQuery, isLine);
  }

  /** This field, which has a value when it is left out. */
  Field orElse(Object value) {
    return new Field(name, kind, false, min, max, choices, value, orNumber, inQuery, isLine);
  }

  /** This string field, which may be empty. */
  Field orEmpty() {
    return new Field(
        name, kind, required, 0, max, choices, defaultValue, orNumber, inQuery, isLine);
  }

  /** This string field, which may also be given as a whole number. */
  Field acceptsNumber() {
    return new Field(name, kind, required, min, max, choices, defaultValue, true, inQuery, isLine);
  }

  /** This field, which an HTTP request carries in its query although it has a body. */
  Field inTheQuery() {
    return new Field(name, kind, required, min, max, choices, defaultValue, orNumber, true, isLine);
  }

  /**
   * What is wrong with this value, if anything; the text names the field.
   *
   * @param value null when the field was left out
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
          unless(value.isArray() && value.size() <= max, "must be an array of at most " + max)
              .or(() -> faultOfDepth(value));
      case OBJECT ->
          unless(value.isObject(), "must be an object of at most " + max + " bytes")
              .or(() -> faultOfDepth(value))
              .or(() -> unless(sizeOf(value) <= max, "must have at most " + max + " bytes"));
      case BYTES -> unless(value.isBinary(), "must be the body of the request");
    };
  }

  private Optional<String> faultOfString(JsonNode value) {
    if (!value.isTextual()) {
      return unless(orNumber && value.isIntegralNumber(), "must be a string");
    }
    // Characters as JSON Schema counts them.
    int length = value.textValue().codePointCount(0, value.textValue().length());
    if (length < min || length > max) {
      return unless(false, "must have %d to %d characters".formatted(min, max));
    }
    return unless(!isLine || OneLine.isOne(value.textValue()), OneLine.RULE)
        .or(
            () ->
                unless(
                    choices.isEmpty() || choices.contains(value.textValue()),
                    "must be one of " + String.join(", ", choices)));
  }

  private Optional<String> faultOfInteger(JsonNode value) {
    boolean fits =
        value.isIntegralNumber()
            && value.canConvertToLong()
            && value.longValue() >= min
            && value.longValue() <= max;
    return unless(fits, "must be a whole number from %d to %d".formatted(min, max));
  }

  private Optional<String> faultOfDepth(JsonNode value) {
    return unless(
        isAtMost(WireProtocol.MAX_DEPTH, value),
        "must not be nested deeper than " + WireProtocol.MAX_DEPTH + " levels");
  }

  private static boolean isAtMost(int levels, JsonNode value) {
    if (!value.isContainerNode()) {
      return true;
    }
    if (levels == 0) {
      return false;
    }
    for (JsonNode child : value) {
      if (!isAtMost(levels - 1, child)) {
        return false;
      }
    }
    return true;
  }

  private Optional<String> unless(boolean fine, String rule) {
    return fine ? Optional.empty() : Optional.of("'" + name + "' " + rule);
  }

  private static int sizeOf(JsonNode value) {
    return value.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }
}
