package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The body of an admin request. What is wrong is refused with the field's name, and so is a field
 * that is not known: a misspelt limit must not mean no limit.
 *
 * <p>Every method throws {@link ConcertException} with {@code INVALID_MESSAGE}.
 */
final class Fields {
  private static final int MOST_IN_A_LIST = 1_000;

  private final ObjectNode body;

  /**
   * @param known the fields that there may be
   */
  Fields(ObjectNode body, Set<String> known) {
    this.body = body;
    Set<String> unknown = new TreeSet<>();
    body.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw wrong(
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
      throw wrong(field, "must be a text that is not empty");
    }
    String text = value.textValue().strip();
    if (text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
      throw wrong(field, "must be one line of at most " + longest + " characters");
    }
    return text;
  }

  long number(String field, long least, long most, long fallback) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(field, "must be a whole number from " + least + " to " + most);
    }
    if (value.longValue() < least || value.longValue() > most) {
      throw wrong(field, "must be a whole number from " + least + " to " + most);
    }
    return value.longValue();
  }

  /** US dollars, as a text or a number; empty for null or where there is none. */
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
      throw wrong(field, "must be US dollars such as \"12.50\"");
    }
    throw wrong(field, "must be US dollars such as \"12.50\", not negative");
  }

  /** Names without line breaks; empty where the field is not there. */
  Set<String> texts(String field, int longest) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Set.of();
    }
    if (!value.isArray() || value.size() > MOST_IN_A_LIST) {
      throw wrong(field, "must be a list of at most " + MOST_IN_A_LIST + " texts");
    }
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode item : value) {
      String place = field + "[" + texts.size() + "]";
      if (!item.isTextual() || item.textValue().isBlank()) {
        throw wrong(place, "must be a text that is not empty");
      }
      if (item.textValue().length() > longest
          || item.textValue().chars().anyMatch(Character::isISOControl)) {
        throw wrong(place, "must be one line of at most " + longest + " characters");
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  /** One of the constants of an enumeration, in small letters; empty where it is not there. */
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
                    wrong(
                        field,
                        "must be one of "
                            + Arrays.stream(type.getEnumConstants())
                                .map(Fields::word)
                                .collect(Collectors.joining(", ")))));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static ConcertException wrong(String field, String rule) {
    return new ConcertException(ErrorCode.INVALID_MESSAGE, field + ": " + rule + ".");
  }
}
