package dev.concert.coordinator.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.concert.coordinator.ipc.AgentFrame.Delta;
import dev.concert.coordinator.ipc.ProtocolViolation;
import dev.concert.foundation.files.AtomicFile;
import dev.concert.foundation.files.PrivateFiles;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent finds again after a restart: one JSON document in {@code db/state.json}, changed by
 * its deltas. Deltas that come while the file is written share the next write. At most 8 MiB.
 *
 * <p>Belongs to one event loop; reading, patching and writing happen on a worker, one at a time.
 */
public final class AgentState {
  private static final Logger LOG = LoggerFactory.getLogger(AgentState.class);
  private static final int MAX_BYTES = 8 << 20;

  private final Path file;
  private final WorkerExecutor workers;
  private final List<Delta> pending = new ArrayList<>();
  private JsonNode document;
  private boolean warned;
  private Future<Void> writing = Future.succeededFuture();

  private AgentState(Path file, WorkerExecutor workers, JsonNode document) {
    this.file = file;
    this.workers = workers;
    this.document = document;
  }

  /** Reads the state of an instance; one that cannot be read is set aside and begins anew. */
  public static Future<AgentState> open(Path instanceFolder, WorkerExecutor workers) {
    Path file = file(instanceFolder);
    return workers.executeBlocking(() -> new AgentState(file, workers, read(file)), false);
  }

  private static Path file(Path instanceFolder) {
    return instanceFolder.resolve("db").resolve("state.json");
  }

  /** Removes the state of an instance without a process; the next one begins anew. */
  public static Future<Void> forget(Path instanceFolder, WorkerExecutor workers) {
    return workers.executeBlocking(
        () -> {
          Files.deleteIfExists(file(instanceFolder));
          return null;
        },
        false);
  }

  private static JsonNode read(Path file) throws IOException {
    PrivateFiles.createDirectories(file.getParent());
    if (!Files.exists(file)) {
      return NullNode.instance;
    }
    try {
      return Json.MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      Path aside = file.resolveSibling("state.unreadable");
      LOG.warn("Agent state {} is set aside as {}", file, aside.getFileName(), e);
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      return NullNode.instance;
    }
  }

  /** The document as it was read; JSON null when the agent never reported any. */
  public JsonNode document() {
    return document;
  }

  /**
   * Takes deltas over. The future completes when they are on the disk; it fails with a {@link
   * ProtocolViolation} when the state has become too large.
   */
  public Future<Void> apply(List<Delta> deltas) {
    boolean nextWriteIsPlanned = !pending.isEmpty();
    pending.addAll(deltas);
    if (!nextWriteIsPlanned) {
      writing = writing.otherwiseEmpty().compose(earlier -> write());
    }
    return writing;
  }

  /** Completes when all deltas so far are on the disk. */
  public Future<Void> flushed() {
    return writing;
  }

  private Future<Void> write() {
    List<Delta> taken = List.copyOf(pending);
    pending.clear();
    return workers.executeBlocking(
        () -> {
          patch(taken);
          byte[] content = Json.MAPPER.writeValueAsBytes(document);
          if (content.length > MAX_BYTES) {
            throw new ProtocolViolation(
                "its state is %d bytes, where %d are allowed".formatted(content.length, MAX_BYTES));
          }
          AtomicFile.replace(file, content);
          return null;
        },
        false);
  }

  private void patch(List<Delta> deltas) {
    for (Delta delta : deltas) {
      JsonNode base = document.isNull() ? JsonNodeFactory.instance.objectNode() : document;
      try {
        document = JsonPatch.apply(base, delta);
      } catch (IllegalArgumentException e) {
        if (!warned) {
          warned = true;
          LOG.warn("Deltas of an agent do not fit its state {}: {}", file, e.getMessage());
        }
      }
    }
  }
}
