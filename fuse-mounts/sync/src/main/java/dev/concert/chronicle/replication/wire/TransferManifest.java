package dev.concert.chronicle.replication.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * The parts of a large content, in their order and without a gap.
 *
 * @param totalSize bytes
 * @param chunkSize largest size of a chunk, bytes
 */
public record TransferManifest(
    @JsonProperty("total_size") long totalSize,
    @JsonProperty("chunk_size") long chunkSize,
    @JsonProperty("chunks") List<Chunk> chunks) {
  /** Contents up to this size travel whole; no chunk is larger. Bytes. */
  public static final int MAX_CHUNK = 1024 * 1024;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public record Chunk(
      @JsonProperty("hash") String hash,
      @JsonProperty("offset") long offset,
      @JsonProperty("size") int size) {}

  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A manifest cannot be written", e);
    }
  }

  /**
   * @throws WireException where it is no manifest of a content of that size
   */
  public static TransferManifest parse(String json, long size) throws WireException {
    TransferManifest manifest;
    try {
      manifest = JSON.readValue(json, TransferManifest.class);
    } catch (JsonProcessingException e) {
      throw new WireException("a chunk manifest is not readable: " + e.getOriginalMessage());
    }
    manifest.check(size);
    return manifest;
  }

  private void check(long size) throws WireException {
    if (chunks == null || totalSize != size) {
      throw new WireException("a chunk manifest is not one of the content's size");
    }
    long offset = 0;
    for (Chunk chunk : chunks) {
      if (chunk == null || chunk.hash() == null || chunk.offset() != offset) {
        throw new WireException("a chunk manifest has a gap at byte " + offset);
      }
      if (chunk.size() <= 0 || chunk.size() > MAX_CHUNK) {
        throw new WireException("a chunk has " + chunk.size() + " bytes");
      }
      offset += chunk.size();
    }
    if (offset != size) {
      throw new WireException(
          "the chunks of a manifest have %d of %d bytes".formatted(offset, size));
    }
  }
}
