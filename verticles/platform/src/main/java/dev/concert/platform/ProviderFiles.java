package dev.concert.platform;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The provider files that come with Concert. An entry of {@code ensemble.providers} that is a mere
 * name stands for {@code conf/providers/NAME.yaml}; and where no providers are configured, a key in
 * the environment brings its file, and so its prices, along.
 */
final class ProviderFiles {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
  private static final String SECTION = "ensemble";

  /** Files, in the order in which their models are preferred. */
  private static final List<String> VENDORS =
      List.of("anthropic", "openai", "gemini", "xai", "openrouter");

  private final Path folder;

  /**
   * @param home the program's folder
   */
  ProviderFiles(Path home) {
    this.folder = home.resolve("conf").resolve("providers");
  }

  /** The configuration with the files' content in the place of their names. Blocking. */
  JsonObject expand(JsonObject config, Map<String, String> environment) {
    JsonObject ensemble = config.getJsonObject(SECTION, new JsonObject()).copy();
    Object configured = ensemble.getValue("providers");
    JsonArray providers =
        switch (configured) {
          case null -> byEnvironment(environment);
          case JsonArray list -> list;
          default -> throw new ConfigException("ensemble.providers must be a list.");
        };
    JsonArray expanded = new JsonArray();
    providers.forEach(entry -> expanded.add(entry instanceof String name ? read(name) : entry));
    return config.copy().put(SECTION, ensemble.put("providers", expanded));
  }

  private static JsonArray byEnvironment(Map<String, String> environment) {
    JsonArray names = new JsonArray();
    VENDORS.stream().filter(vendor -> isUsual(environment, vendor)).forEach(names::add);
    return names;
  }

  /** Has a key, and asks for neither another model nor another server. */
  private static boolean isUsual(Map<String, String> environment, String vendor) {
    String prefix = vendor.toUpperCase(Locale.ROOT);
    return isSet(environment, prefix + "_API_KEY")
        && !isSet(environment, prefix + "_BASE_URL")
        && !isSet(environment, prefix + "_MODEL");
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }

  private JsonObject read(String name) {
    return ConfigFile.read(fileOf(name));
  }

  /**
   * @throws ConfigException for a name that would leave the folder
   */
  Path fileOf(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ConfigException(
          "ensemble.providers names '%s', which cannot be a file of conf/providers."
              .formatted(name));
    }
    return folder.resolve(name + ".yaml");
  }
}
