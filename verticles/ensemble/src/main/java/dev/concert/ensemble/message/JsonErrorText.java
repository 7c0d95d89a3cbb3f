package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.text.ShortText;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Explains in the client's terms which field Jackson could not read, without class names. */
public final class JsonErrorText {
  private JsonErrorText() {}

  /** The refusal of a body that no parser reads. */
  public static ConcertException notJson(JacksonException failure) {
    JsonLocation at = failure.getLocation();
    return new ConcertException(
        ErrorCode.INVALID_JSON,
        failure instanceof StreamConstraintsException || at == null
            ? "The body has too many values, or one that is too long or in too many others."
            : "The body is not valid JSON (line %d, column %d)."
                .formatted(at.getLineNr(), at.getColumnNr()));
  }

  static String sentence(JsonMappingException failure) {
    String field = path(failure.getPath());
    return switch (failure) {
      case InvalidTypeIdException unknown when unknown.getTypeId() == null ->
          field + ": 'type' is missing.";
      case InvalidTypeIdException unknown ->
          field + ": type '" + shortened(unknown.getTypeId()) + "' is not known here.";
      case InvalidFormatException format when format.getTargetType() == MessageRole.class ->
          field + ": must be one of system, user, assistant, tool.";
      case InvalidFormatException format when format.getTargetType().isEnum() ->
          field + ": must be one of " + words(format.getTargetType()) + ".";
      case MismatchedInputException mismatch ->
          field + ": must be " + expected(mismatch.getTargetType()) + ".";
      case JsonMappingException large when large.getCause() instanceof InputCoercionException ->
          field + ": must be a whole number of at most " + Integer.MAX_VALUE + ".";
      default -> field + ": cannot be read.";
    };
  }

  private static String path(List<Reference> references) {
    if (references.isEmpty()) {
      return "body";
    }
    StringBuilder path = new StringBuilder();
    for (Reference reference : references) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }

  private static String words(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(Field::isEnumConstant)
        .map(JsonErrorText::word)
        .collect(Collectors.joining(", "));
  }

  private static String word(Field constant) {
    JsonProperty named = constant.getAnnotation(JsonProperty.class);
    return named == null ? constant.getName().toLowerCase(Locale.ROOT) : named.value();
  }

  private static String expected(Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type == String.class || type.isEnum()) {
      return "a string";
    }
    if (type == Integer.class) {
      return "a whole number";
    }
    if (type == Double.class) {
      return "a number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    return Collection.class.isAssignableFrom(type) ? "an array" : "an object";
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : ShortText.of(text, 40) + "…";
  }
}
