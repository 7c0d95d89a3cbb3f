package dev.concert.foundation.objectstore;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Objects by key. Thread-safe; nothing blocks. Every future ends within a time that depends on the
 * size only; it fails with an {@link ObjectStoreException}.
 */
public interface ObjectStore extends AutoCloseable {
  /** Stores the file's content under the key, replacing what is there: whole or not at all. */
  Future<Void> put(String key, Path file);

  /**
   * Writes the object into a file that does not exist yet. A failure leaves no file.
   *
   * @return whether there is such an object
   */
  Future<Boolean> get(String key, Path into);

  /** Stores these bytes under the key, replacing what is there: whole or not at all. */
  Future<Void> put(String key, byte[] content);

  /** The object's bytes, which have to fit into memory; empty if there is none. */
  Future<Optional<byte[]>> get(String key);

  /** Whether there is such an object. */
  Future<Boolean> has(String key);

  /** Removes the object; succeeds if there is none. */
  Future<Void> delete(String key);

  @Override
  void close();
}
