package dev.concert.ensemble;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A part of the configuration that knows where it is, so that what is wrong can be named.
 *
 * <p>Every reading method throws {@link IllegalArgumentException} with one sentence that names the
 * key.
 */
final class ConfigSection {
  private final JsonObject values;

  /** Every key that somebody knows. */
  private final Set<String> asked = new TreeSet<>();

  private final List<ConfigSection> parts = new ArrayList<>();
  private final String path;

  ConfigSection(JsonObject values, String path) {
    this.values = values;
    this.path = path;
  }

  String text(String key) {
    return optionalText(key).orElseThrow(() -> wrong(key, "is required"));
  }

  Optional<String> optionalText(String key) {
    return switch (value(key)) {
      case null -> Optional.empty();
      case String text when !text.isBlank() -> Optional.of(text.strip());
      default -> throw wrong(key, "must be a text that is not empty");
    };
  }

  int number(String key, int least, int most, int fallback) {
    return switch (value(key)) {
      case null -> fallback;
      case Integer number when number >= least && number <= most -> number;
      default -> throw wrong(key, "must be a whole number from " + least + " to " + most);
    };
  }

  boolean flag(String key, boolean fallback) {
    return switch (value(key)) {
      case null -> fallback;
      case Boolean flag -> flag;
      default -> throw wrong(key, "must be true or false");
    };
  }

  Duration seconds(String key, Duration fallback) {
    return Duration.ofSeconds(number(key, 1, 24 * 3600, (int) fallback.toSeconds()));
  }

  /** An amount of money: a text such as "0.125", so that no binary fraction creeps in. */
  BigDecimal money(String key, BigDecimal fallback) {
    Optional<String> text = optionalNumberText(key);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      BigDecimal amount = new BigDecimal(text.get());
      if (amount.signum() >= 0) {
        return amount;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, "must be a decimal such as \"0.125\"");
    }
    throw wrong(key, "must not be negative");
  }

  URI url(String key) {
    String text = text(key);
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrong(key, "must be a URL such as https://api.openai.com/v1");
    }
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!web || url.getHost() == null) {
      throw wrong(key, "must be a URL such as https://api.openai.com/v1");
    }
    return url;
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Object item : array(key)) {
      if (!(item instanceof String text) || text.isBlank()) {
        throw wrong(key + "[" + texts.size() + "]", "must be a text that is not empty");
      }
      texts.add(text);
    }
    return texts;
  }

  /** An object of texts; empty when it is not there. */
  Map<String, String> textMap(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    switch (value(key)) {
      case null -> {
        // Nothing configured.
      }
      case JsonObject object ->
          object.forEach(
              entry -> {
                if (!(entry.getValue() instanceof String text)) {
                  throw wrong(key + "." + entry.getKey(), "must be a text");
                }
                texts.put(entry.getKey(), text);
              });
      default -> throw wrong(key, "must be an object of texts");
    }
    return texts;
  }

  /** A part of this part; empty when it is not there. */
  ConfigSection section(String key) {
    return switch (value(key)) {
      case null -> new ConfigSection(new JsonObject(), path + "." + key);
      case JsonObject object -> part(object, key);
      default -> throw wrong(key, "must be an object");
    };
  }

  /** Names that are the configuration's own, and so all known. */
  Set<String> keys() {
    asked.addAll(values.fieldNames());
    return values.fieldNames();
  }

  List<ConfigSection> sections(String key) {
    List<ConfigSection> sections = new ArrayList<>();
    for (Object item : array(key)) {
      String place = key + "[" + sections.size() + "]";
      if (!(item instanceof JsonObject object)) {
        throw wrong(place, "must be an object");
      }
      sections.add(part(object, place));
    }
    return sections;
  }

  /**
   * To be called when all was read: a key that nobody asked for is a slip of the pen, and what it
   * was meant to change would silently stay as it was.
   */
  void refuseUnknown() {
    for (String key : values.fieldNames()) {
      if (!asked.contains(key)) {
        throw wrong(key, "is not known; there are: " + String.join(", ", asked));
      }
    }
    parts.forEach(ConfigSection::refuseUnknown);
  }

  private Object value(String key) {
    asked.add(key);
    return values.getValue(key);
  }

  private ConfigSection part(JsonObject of, String place) {
    ConfigSection part = new ConfigSection(of, path + "." + place);
    parts.add(part);
    return part;
  }

  IllegalArgumentException wrong(String key, String rule) {
    return new WrongSetting(path + "." + key, rule);
  }

  private Iterable<Object> array(String key) {
    return switch (value(key)) {
      case null -> new JsonArray();
      case JsonArray array -> array;
      default -> throw wrong(key, "must be a list");
    };
  }

  private Optional<String> optionalNumberText(String key) {
    return value(key) instanceof Number number ? Optional.of(number.toString()) : optionalText(key);
  }
}
