package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.text.OneLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads the body of an admin request. A wrong field is refused by name, and so is an unknown one: a
 * misspelt limit must not mean no limit.
 *
 * <p>Every method throws {@link ConcertException} with {@code INVALID_MESSAGE}.
 */
final class AdminFields {
  private static final int MOST_IN_A_LIST = 1_000;

  private final ObjectNode body;
  private final String path;

  /**
   * @param known the fields that are allowed
   */
  AdminFields(ObjectNode body, Set<String> known) {
    this(body, known, "");
  }

  /**
   * @param path before the names of its fields
   */
  private AdminFields(ObjectNode body, Set<String> known, String path) {
    this.body = body;
    this.path = path;
    Set<String> unknown = new TreeSet<>();
    body.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw refused(
          unknown.iterator().next(),
          "is not known here; there are: " + String.join(", ", new TreeSet<>(known)));
    }
  }

  boolean has(String field) {
    return body.has(field);
  }

  String text(String field, int longest) {
    JsonNode value = body.path(field);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw refused(field, "must be a text that is not empty");
    }
    String text = value.textValue().strip();
    if (text.length() > longest || !OneLine.isOne(text)) {
      throw refused(field, "must be one line of at most " + longest + " characters");
    }
    return text;
  }

  /** Empty if null or absent. */
  Optional<String> textOrNone(String field, int longest) {
    JsonNode value = body.path(field);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(text(field, longest));
  }

  /** Objects by their names; none if the field is null or absent. */
  Map<String, AdminFields> parts(String field, Set<String> known) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Map.of();
    }
    if (!value.isObject() || value.size() > MOST_IN_A_LIST) {
      throw refused(field, "must be an object of at most " + MOST_IN_A_LIST + " fields");
    }
    Map<String, AdminFields> parts = new TreeMap<>();
    value
        .properties()
        .forEach(
            each -> {
              if (each.getKey().isBlank() || !OneLine.isOne(each.getKey())) {
                throw refused(field, "must have names of one line");
              }
              if (!(each.getValue() instanceof ObjectNode part)) {
                throw refused(field + "." + each.getKey(), "must be an object");
              }
              parts.put(
                  each.getKey(),
                  new AdminFields(part, known, path + field + "." + each.getKey() + "."));
            });
    return parts;
  }

  long number(String field, long least, long most, long fallback) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw refused(field, "must be a whole number from " + least + " to " + most);
    }
    if (value.longValue() < least || value.longValue() > most) {
      throw refused(field, "must be a whole number from " + least + " to " + most);
    }
    return value.longValue();
  }

  /** US dollars, as a string or a number; empty if null or absent. */
  Optional<BigDecimal> money(String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    try {
      BigDecimal amount = new BigDecimal(value.asText());
      if (amount.signum() >= 0 && amount.precision() <= 30 && Math.abs(amount.scale()) <= 18) {
        return Optional.of(amount);
      }
    } catch (NumberFormatException e) {
      throw refused(field, "must be US dollars such as \"12.50\"");
    }
    throw refused(field, "must be US dollars such as \"12.50\", not negative");
  }

  /** A time with its offset; empty if null or absent. */
  Optional<Instant> time(String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(value.asText()).toInstant());
    } catch (DateTimeParseException e) {
      throw refused(field, "must be a time such as \"2027-01-31T12:00:00Z\"");
    }
  }

  /** Strings without line breaks; empty if the field is null or absent. */
  Optional<Set<String>> texts(String field, int longest) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isArray() || value.size() > MOST_IN_A_LIST) {
      throw refused(field, "must be a list of at most " + MOST_IN_A_LIST + " texts");
    }
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode item : value) {
      String place = field + "[" + texts.size() + "]";
      if (!item.isTextual() || item.textValue().isBlank()) {
        throw refused(place, "must be a text that is not empty");
      }
      if (item.textValue().length() > longest || !OneLine.isOne(item.textValue())) {
        throw refused(place, "must be one line of at most " + longest + " characters");
      }
      texts.add(item.textValue());
    }
    return Optional.of(texts);
  }

  /** A constant of an enumeration, in lower case; empty if absent. */
  <E extends Enum<E>> Optional<E> word(String field, Class<E> type) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(type.getEnumConstants())
            .filter(one -> word(one).equals(value.asText()))
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        field,
                        "must be one of "
                            + Arrays.stream(type.getEnumConstants())
                                .map(AdminFields::word)
                                .collect(Collectors.joining(", ")))));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private ConcertException refused(String field, String rule) {
    return wrong(path + field, rule);
  }

  static ConcertException wrong(String field, String rule) {
    return new ConcertException(ErrorCode.INVALID_MESSAGE, field + ": " + rule + ".");
  }
}
