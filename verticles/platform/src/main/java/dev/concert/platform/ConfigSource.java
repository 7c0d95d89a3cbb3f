package dev.concert.platform;

import dev.concert.ensemble.WrongSetting;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigFile;
import dev.concert.foundation.config.ConfigPlace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that a configuration is made of: the one that was named, and those of conf/providers
 * that it names.
 *
 * @param file empty where nothing was named: everything has its default
 * @param home the program's folder
 */
public record ConfigSource(Optional<Path> file, Path home) {
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

  /** The same sentence, with the file and the line it is about. Blocking. */
  public ConfigException explain(WrongSetting wrong) {
    Matcher provider = OF_A_PROVIDER.matcher(wrong.setting());
    if (provider.matches()) {
      Optional<Path> named = providerFile(Integer.parseInt(provider.group(1)));
      if (named.isPresent()) {
        return at(named.get(), provider.group(2), wrong);
      }
    }
    return file.map(path -> at(path, wrong.setting(), wrong))
        .orElseGet(() -> new ConfigException(wrong.getMessage()));
  }

  /** Every file that can change what is served. Blocking. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>(file.stream().toList());
    for (int i = 0; i < providers().size(); i++) {
      providerFile(i).ifPresent(files::add);
    }
    return files;
  }

  private static ConfigException at(Path file, String setting, WrongSetting wrong) {
    OptionalInt line = ConfigPlace.line(file, setting);
    String where = line.isPresent() ? file + " line " + line.getAsInt() : file.toString();
    return new ConfigException(where + ": " + wrong.getMessage());
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
