package dev.concert.chronicle.quota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.foundation.files.AtomicFile;
import dev.concert.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code usage.json}: what a workspace takes and may take, as it was when it was closed. Blocks.
 *
 * @param exact whether nothing changed since; false while the workspace is in use
 * @param scannedAt when the disk was looked at last
 */
record UsageFile(DiskQuota quota, long bytes, long files, boolean exact, Instant scannedAt) {
  private static final Logger LOG = LoggerFactory.getLogger(UsageFile.class);
  private static final String NAME = "usage.json";

  /** What nobody has looked at yet. */
  static final UsageFile UNKNOWN = new UsageFile(DiskQuota.UNLIMITED, 0, 0, false, Instant.EPOCH);

  static UsageFile read(Path metadata) {
    Path file = metadata.resolve(NAME);
    if (!Files.exists(file)) {
      return UNKNOWN;
    }
    try {
      JsonNode json = Json.MAPPER.readTree(file.toFile());
      return new UsageFile(
          new DiskQuota(
              json.path("quotaBytes").asLong(Long.MAX_VALUE),
              json.path("quotaFiles").asLong(Long.MAX_VALUE)),
          json.path("bytes").asLong(),
          json.path("files").asLong(),
          json.path("exact").asBoolean(),
          Instant.ofEpochMilli(json.path("scannedAt").asLong()));
    } catch (IOException e) {
      LOG.warn("{} cannot be read: the workspace is measured again", file, e);
      return UNKNOWN;
    }
  }

  void write(Path metadata) {
    try {
      Files.createDirectories(metadata);
      AtomicFile.replaceUnsynced(
          metadata.resolve(NAME),
          out ->
              Json.MAPPER.writeValue(
                  out,
                  Json.MAPPER
                      .createObjectNode()
                      .put("quotaBytes", quota.bytes())
                      .put("quotaFiles", quota.files())
                      .put("bytes", bytes)
                      .put("files", files)
                      .put("exact", exact)
                      .put("scannedAt", scannedAt.toEpochMilli())));
    } catch (IOException e) {
      LOG.warn("The disk usage of a workspace cannot be written; it is measured again", e);
    }
  }
}
