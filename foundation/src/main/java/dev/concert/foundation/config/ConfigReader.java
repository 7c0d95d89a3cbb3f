package dev.concert.foundation.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads the settings of one section and names what is wrong in it.
 *
 * <p>Every read marks its key as known. {@link #refuseUnknown} then fails for each key that no code
 * has read: a misspelled key must not leave the default in force silently. Null values count as
 * absent.
 *
 * <p>Every method throws {@link ConfigException} with one sentence that names the setting. Not
 * thread-safe.
 */
public final class ConfigReader {
  private static final String TEXT_RULE = "must be a text that is not empty";
  private static final String URL_RULE = "must be a URL such as https://example.com/v1";
  private static final int MAX_SECONDS = 24 * 3600;

  private final JsonObject values;
  private final String path;
  private final Set<String> known = new TreeSet<>();
  private final List<ConfigReader> sections = new ArrayList<>();

  private ConfigReader(JsonObject values, String path) {
    this.values = values;
    this.path = path;
  }

  /**
   * A section of the whole configuration; an empty one when the configuration does not have it.
   *
   * @param config the whole configuration
   */
  public static ConfigReader of(JsonObject config, String section) {
    return new ConfigReader(config, "").section(section);
  }

  /** The whole configuration as one section, whose keys are the sections of the services. */
  public static ConfigReader root(JsonObject config) {
    return new ConfigReader(config, "");
  }

  public boolean has(String key) {
    return value(key) != null;
  }

  /** A required text, without surrounding white space. */
  public String text(String key) {
    return optionalText(key).orElseThrow(required(key));
  }

  public String text(String key, String fallback) {
    return optionalText(key).orElse(fallback);
  }

  public Optional<String> optionalText(String key) {
    return switch (value(key)) {
      case null -> Optional.empty();
      case String text when !text.isBlank() -> Optional.of(text.strip());
      default -> throw wrong(key, TEXT_RULE);
    };
  }

  public Optional<Path> optionalPath(String key) {
    try {
      return optionalText(key).map(Path::of);
    } catch (InvalidPathException e) {
      throw wrong(key, "must be a path");
    }
  }

  public Path path(String key, Path fallback) {
    return optionalPath(key).orElse(fallback);
  }

  public int number(String key, int least, int most, int fallback) {
    return Math.toIntExact(longNumber(key, least, most, fallback));
  }

  public long longNumber(String key, long least, long most, long fallback) {
    Object value = value(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw wrong(key, "must be a whole number from " + least + " to " + most);
  }

  public double decimal(String key, double least, double most, double fallback) {
    return switch (value(key)) {
      case null -> fallback;
      case Number number when number.doubleValue() >= least && number.doubleValue() <= most ->
          number.doubleValue();
      default -> throw wrong(key, "must be a number from %s to %s".formatted(least, most));
    };
  }

  public boolean flag(String key, boolean fallback) {
    return switch (value(key)) {
      case null -> fallback;
      case Boolean flag -> flag;
      default -> throw wrong(key, "must be true or false");
    };
  }

  /** A whole number of seconds, from 1 to one day. */
  public Duration seconds(String key, Duration fallback) {
    return Duration.ofSeconds(number(key, 1, MAX_SECONDS, (int) fallback.toSeconds()));
  }

  /** A whole number of milliseconds, from {@code least} to {@code most}. */
  public Duration millis(String key, Duration least, Duration most, Duration fallback) {
    return Duration.ofMillis(
        longNumber(key, least.toMillis(), most.toMillis(), fallback.toMillis()));
  }

  /** A number of bytes, such as {@code 2GiB}. */
  public ByteSize size(String key, ByteSize least, ByteSize most, ByteSize fallback) {
    Optional<ByteSize> size =
        switch (value(key)) {
          case null -> Optional.of(fallback);
          case String text -> ByteSize.parse(text);
          case Integer number when number >= 0 -> Optional.of(new ByteSize(number));
          case Long number when number >= 0 -> Optional.of(new ByteSize(number));
          default -> Optional.empty();
        };
    return size.filter(given -> given.compareTo(least) >= 0 && given.compareTo(most) <= 0)
        .orElseThrow(
            () -> wrong(key, "must be a size from %s to %s, such as 2GiB".formatted(least, most)));
  }

  /** An amount of money. A text such as "0.125" is exact; a YAML number is taken as written. */
  public BigDecimal money(String key, BigDecimal fallback) {
    Optional<String> text =
        value(key) instanceof Number number ? Optional.of(number.toString()) : optionalText(key);
    if (text.isEmpty()) {
      return fallback;
    }
    BigDecimal amount;
    try {
      amount = new BigDecimal(text.get());
    } catch (NumberFormatException e) {
      throw wrong(key, "must be a decimal such as \"0.125\"");
    }
    if (amount.signum() < 0) {
      throw wrong(key, "must not be negative");
    }
    return amount;
  }

  /** A required {@code http} or {@code https} URL. */
  public URI url(String key) {
    return optionalUrl(key).orElseThrow(required(key));
  }

  public Optional<URI> optionalUrl(String key) {
    return optionalText(key).map(text -> url(key, text));
  }

  private URI url(String key, String text) {
    try {
      URI url = URI.create(text);
      if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw wrong(key, URL_RULE);
    }
    throw wrong(key, URL_RULE);
  }

  /** One of the constants of an enum, written in lower case and with hyphens. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
    Object value = value(key);
    if (value == null) {
      return fallback;
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> lowerCase(constant).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    key,
                    "must be one of: "
                        + Arrays.stream(type.getEnumConstants())
                            .map(ConfigReader::lowerCase)
                            .collect(Collectors.joining(", "))));
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A list of texts; empty when the key is absent. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof String text) || text.isBlank()) {
        throw wrong(key + "[" + texts.size() + "]", TEXT_RULE);
      }
      texts.add(text);
    }
    return texts;
  }

  /** A mapping of names to texts; empty when the key is absent. */
  public Map<String, String> textMap(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    JsonObject mapping =
        switch (value(key)) {
          case null -> new JsonObject();
          case JsonObject object -> object;
          default -> throw wrong(key, "must be a mapping of names to texts");
        };
    for (String name : mapping.fieldNames()) {
      if (!(mapping.getValue(name) instanceof String text)) {
        throw wrong(key + "." + name, "must be a text");
      }
      texts.put(name, text);
    }
    return texts;
  }

  /** A section inside this one; an empty one when the key is absent. */
  public ConfigReader section(String key) {
    return switch (value(key)) {
      case null -> new ConfigReader(new JsonObject(), path(key));
      case JsonObject object -> child(object, key);
      default -> throw wrong(key, "must be a mapping of names to values");
    };
  }

  /** A list of sections; empty when the key is absent. */
  public List<ConfigReader> sections(String key) {
    List<ConfigReader> found = new ArrayList<>();
    for (Object item : list(key)) {
      String place = key + "[" + found.size() + "]";
      if (!(item instanceof JsonObject object)) {
        throw wrong(place, "must be a mapping of names to values");
      }
      found.add(child(object, place));
    }
    return found;
  }

  /** All keys of a section whose keys are names that the user chooses; all count as known. */
  public Set<String> keys() {
    known.addAll(values.fieldNames());
    return values.fieldNames();
  }

  /** Fails for a key that nothing has read, here and in the sections inside. Call it last. */
  public void refuseUnknown() {
    for (String key : values.fieldNames()) {
      if (!known.contains(key)) {
        throw new ConfigException(
            path(key),
            "%s is not known; the known keys are: %s."
                .formatted(path(key), String.join(", ", known)));
      }
    }
    sections.forEach(ConfigReader::refuseUnknown);
  }

  /**
   * The exception for a setting of this section.
   *
   * @param rule ends the sentence, without its full stop: "must be a whole number from 1 to 9"
   */
  public ConfigException wrong(String key, String rule) {
    String setting = path(key);
    Object value = values.getValue(key);
    // A text may be a secret in the wrong place.
    String shown = value instanceof Number || value instanceof Boolean ? ", not " + value : "";
    return new ConfigException(setting, setting + " " + rule + shown + ".");
  }

  private Supplier<ConfigException> required(String key) {
    return () -> wrong(key, "is required");
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private Object value(String key) {
    known.add(key);
    return values.getValue(key);
  }

  private ConfigReader child(JsonObject object, String place) {
    ConfigReader child = new ConfigReader(object, path(place));
    sections.add(child);
    return child;
  }

  private JsonArray list(String key) {
    return switch (value(key)) {
      case null -> new JsonArray();
      case JsonArray list -> list;
      default -> throw wrong(key, "must be a list");
    };
  }
}
