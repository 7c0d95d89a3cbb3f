package dev.concert.coordinator;

import io.vertx.core.json.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** One section of the configuration, read with sentences for what is wrong in it. */
record Settings(String section, JsonObject values) {

  static Settings of(JsonObject configuration, String section) {
    return switch (configuration.getValue(section)) {
      case null -> new Settings(section, new JsonObject());
      case JsonObject values -> new Settings(section, values);
      default -> throw new IllegalArgumentException(section + " must be a map of settings.");
    };
  }

  String text(String key, String preset) {
    return switch (values.getValue(key)) {
      case null -> preset;
      case String text when !text.isBlank() -> text;
      default -> throw wrong(key, "a text that is not empty");
    };
  }

  Path path(String key, String preset) {
    try {
      return Path.of(text(key, preset));
    } catch (InvalidPathException e) {
      throw wrong(key, "a path");
    }
  }

  long positive(String key, long preset, long most) {
    return switch (values.getValue(key)) {
      case null -> preset;
      case Number number when number.longValue() > 0 && number.longValue() <= most ->
          number.longValue();
      default -> throw wrong(key, "a whole number from 1 to " + most);
    };
  }

  private IllegalArgumentException wrong(String key, String wanted) {
    return new IllegalArgumentException(
        "%s.%s is '%s', but must be %s.".formatted(section, key, values.getValue(key), wanted));
  }
}
