package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.Collection;
import java.util.List;

/** Says in a client's words which field Jackson could not read, without any class name. */
final class WrongField {
  private WrongField() {}

  static String sentence(JsonMappingException failure) {
    String field = path(failure.getPath());
    return switch (failure) {
      case InvalidTypeIdException unknown when unknown.getTypeId() == null ->
          field + ": 'type' is missing.";
      case InvalidTypeIdException unknown ->
          field + ": type '" + shortened(unknown.getTypeId()) + "' is not known here.";
      case InvalidFormatException format when format.getTargetType() == Role.class ->
          field + ": must be one of system, user, assistant, tool.";
      case MismatchedInputException mismatch ->
          field + ": must be " + expected(mismatch.getTargetType()) + ".";
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
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
