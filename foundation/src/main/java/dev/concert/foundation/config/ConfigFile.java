package dev.concert.foundation.config;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads a YAML file as JSON. A key that stands twice is an error. */
public final class ConfigFile {
  private ConfigFile() {}

  /**
   * The content of the file; an empty file is an empty mapping. Blocking.
   *
   * @throws ConfigException when the file is missing, unreadable, not YAML (with the line), or not
   *     a mapping
   */
  public static JsonObject read(Path file) {
    try {
      LoaderOptions options = new LoaderOptions();
      options.setAllowDuplicateKeys(false);
      Object content = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
      return switch (content) {
        case null -> new JsonObject();
        case Map<?, ?> mapping -> new JsonObject(named(mapping));
        default ->
            throw new ConfigException(
                "The configuration " + file + " must be a mapping of names to values.");
      };
    } catch (NoSuchFileException e) {
      throw new ConfigException("The configuration " + file + " does not exist.");
    } catch (IOException e) {
      throw new ConfigException("The configuration " + file + " cannot be read: " + e.getMessage());
    } catch (MarkedYAMLException e) {
      throw new ConfigException(
          "The configuration %s is not valid YAML in line %d: %s."
              .formatted(file, e.getProblemMark().getLine() + 1, e.getProblem()));
    } catch (YAMLException e) {
      throw new ConfigException(
          "The configuration " + file + " is not valid YAML: " + e.getMessage());
    }
  }

  private static Map<String, Object> named(Map<?, ?> mapping) {
    Map<String, Object> named = new LinkedHashMap<>();
    mapping.forEach((key, value) -> named.put(String.valueOf(key), value));
    return named;
  }
}
