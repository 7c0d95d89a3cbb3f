package dev.concert.platform;

import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigFile;
import dev.concert.foundation.config.ConfigReload;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a configuration is made of: the one that was named, and those of conf/providers
 * that it names.
 *
 * @param file empty where nothing was named: everything has its default
 * @param home the program's folder
 */
public record ConfigSource(Optional<Path> file, Path home) {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigSource.class);
  private static final Pattern OF_A_PROVIDER =
      Pattern.compile("ensemble\\.providers\\[(\\d+)]\\.?(.*)");

  /**
   * Blocking.
   *
   * @throws ConfigException when the file is no mapping
   */
  public JsonObject read() {
    return file.map(ConfigFile::read).orElseGet(JsonObject::new);
  }

  /**
   * How models are asked, by the files. Blocking.
   *
   * @throws ConfigException that names the wrong setting
   */
  public EnsembleOptions models(Map<String, String> environment) {
    return EnsembleOptions.from(new ProviderFiles(home).expand(read(), environment), environment);
  }

  /** Has Ensemble serve what the files say whenever they change. */
  void follow(Vertx vertx, EnsembleVerticle ensemble, Function<JsonObject, EnsembleOptions> read) {
    ConfigReload reload =
        new ConfigReload(
            this::files,
            () ->
                vertx
                    .executeBlocking(() -> explaining(read))
                    .compose(ensemble::reload)
                    .onSuccess(
                        served ->
                            LOG.info("The configuration was read again; it serves {}", served))
                    .mapEmpty());
    vertx
        .deployVerticle(reload)
        .onFailure(e -> LOG.error("Changes of the configuration are not noticed", e));
  }

  private EnsembleOptions explaining(Function<JsonObject, EnsembleOptions> read) {
    try {
      return read.apply(read());
    } catch (ConfigException wrong) {
      throw explain(wrong);
    }
  }

  /** The same failure, with the file and the line of the wrong setting. Blocking. */
  public ConfigException explain(ConfigException wrong) {
    if (wrong.setting().isEmpty()) {
      return wrong;
    }
    String setting = wrong.setting().get();
    Matcher provider = OF_A_PROVIDER.matcher(setting);
    if (provider.matches()) {
      Optional<Path> named = providerFile(Integer.parseInt(provider.group(1)));
      if (named.isPresent()) {
        return wrong.in(named.get(), provider.group(2));
      }
    }
    return file.map(path -> wrong.in(path, setting)).orElse(wrong);
  }

  /** Every file that can change what is served. Blocking. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>(file.stream().toList());
    for (int i = 0; i < providers().size(); i++) {
      providerFile(i).ifPresent(files::add);
    }
    return files;
  }

  private JsonArray providers() {
    return read().getValue("ensemble") instanceof JsonObject ensemble
            && ensemble.getValue("providers") instanceof JsonArray list
        ? list
        : new JsonArray();
  }

  private Optional<Path> providerFile(int index) {
    JsonArray entries = providers();
    return index < entries.size() && entries.getValue(index) instanceof String name
        ? Optional.of(new ProviderFiles(home).fileOf(name))
        : Optional.empty();
  }
}
