package dev.concert.automations.blueprint;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.error.ConcertException;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigFile;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder with a file for each blueprint. Blocking. */
public final class BlueprintFolder {
  private static final Logger LOG = LoggerFactory.getLogger(BlueprintFolder.class);
  private static final String ENDING = ".yaml";

  private BlueprintFolder() {}

  /** All blueprints by their names; a file that cannot be used is left out, with a warning. */
  public static List<Blueprint> read(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Blueprint> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().endsWith(ENDING))
          .sorted()
          .forEach(file -> add(file, found));
    } catch (IOException e) {
      throw new UncheckedIOException("The folder of blueprints cannot be read", e);
    }
    return List.copyOf(found);
  }

  private static void add(Path file, List<Blueprint> found) {
    String name = file.getFileName().toString().replace(ENDING, "");
    try {
      Blueprint blueprint = Blueprint.read(Json.MAPPER.readTree(ConfigFile.read(file).encode()));
      if (blueprint.name().equals(name)) {
        found.add(blueprint);
      } else {
        LOG.warn("{} is left out: its 'name' must be {}", file.getFileName(), name);
      }
    } catch (ConcertException | ConfigException | JsonProcessingException e) {
      LOG.warn("{} is left out: {}", file.getFileName(), e.getMessage());
    }
  }
}
