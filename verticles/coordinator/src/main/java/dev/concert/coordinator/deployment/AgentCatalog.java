package dev.concert.coordinator.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent types of a folder: each subfolder with an {@code agent.json} is one. Read anew each
 * time, so that an agent that was just put there is found. A manifest that is wrong is named in the
 * log once, and left out.
 *
 * <p>Reads files: not for event loops. Thread-safe.
 */
public final class AgentCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCatalog.class);

  private final Path folder;
  private final Set<Path> reported = ConcurrentHashMap.newKeySet();

  public AgentCatalog(Path folder) {
    this.folder = folder;
  }

  /** Where Python agents find their SDK. */
  public Path pythonSdk() {
    return folder.resolve("sdk").resolve("python");
  }

  /** All agent types in the order of their names; empty when the folder is not there. */
  public List<Deployment> list() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> Files.isRegularFile(child.resolve("agent.json")))
          .flatMap(child -> read(child).stream())
          .sorted(Comparator.comparing(deployment -> deployment.manifest().type()))
          .toList();
    } catch (IOException e) {
      throw new ConcertException(
          ErrorCode.PODIUM_UNAVAILABLE, "The folder of agent types cannot be read.", e);
    }
  }

  /**
   * The agent type of this name.
   *
   * @throws ConcertException {@link ErrorCode#AGENT_TYPE_UNKNOWN}, naming those that are known
   */
  public Deployment find(String type) {
    List<Deployment> known = list();
    return known.stream()
        .filter(deployment -> deployment.manifest().type().equals(type))
        .findFirst()
        .orElseThrow(() -> unknown(type, known));
  }

  private static ConcertException unknown(String type, List<Deployment> known) {
    String names =
        known.stream()
            .map(deployment -> deployment.manifest().type())
            .collect(Collectors.joining(", "));
    return new ConcertException(
        ErrorCode.AGENT_TYPE_UNKNOWN,
        "There is no agent type '%s'; known are: %s."
            .formatted(type, names.isEmpty() ? "none" : names));
  }

  private Optional<Deployment> read(Path child) {
    Path file = child.resolve("agent.json");
    try {
      AgentManifest manifest = Json.MAPPER.readValue(file.toFile(), AgentManifest.class);
      Path entry = child.resolve(manifest.entry()).normalize();
      if (!entry.startsWith(child) || !Files.isRegularFile(entry)) {
        throw new IOException("\"entry\" names no file of the agent's folder");
      }
      return Optional.of(new Deployment(manifest, child, entry));
    } catch (IOException e) {
      if (reported.add(file)) {
        LOG.warn("Agent manifest {} is left out: {}", file, explain(e));
      }
      return Optional.empty();
    }
  }

  private static String explain(IOException failure) {
    return failure instanceof JsonProcessingException wrong && wrong.getLocation() != null
        ? "line %d: %s".formatted(wrong.getLocation().getLineNr(), wrong.getOriginalMessage())
        : failure.getMessage();
  }
}
