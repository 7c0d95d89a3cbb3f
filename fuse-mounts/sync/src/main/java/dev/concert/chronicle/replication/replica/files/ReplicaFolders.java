package dev.concert.chronicle.replication.replica.files;

import java.util.Map;
import java.util.OptionalInt;

/**
 * The empty folders of a replica: those with nothing in them at all. Others come and go with their
 * files. Every method blocks and is called by one thread at a time. A failure of the disk is thrown
 * as {@link ReplicaFiles.InaccessibleException}, or as {@link java.io.UncheckedIOException} where
 * the files as a whole are out of reach.
 */
public interface ReplicaFolders {
  /** Of a replica that has none. */
  ReplicaFolders NONE =
      new ReplicaFolders() {
        @Override
        public boolean accepts(String path) {
          return false;
        }

        @Override
        public boolean exists(String path) {
          return false;
        }

        @Override
        public OptionalInt empty(String path) {
          return OptionalInt.empty();
        }

        @Override
        public Map<String, Integer> empty() {
          return Map.of();
        }

        @Override
        public void make(String path, int mode) {}

        @Override
        public void remove(String path) {}
      };

  /** Whether the folder takes part. */
  boolean accepts(String path);

  /**
   * Whether there is a folder, empty or not. Throws where the files as a whole are out of reach.
   */
  boolean exists(String path);

  /** The permission bits of a folder that is empty; nothing if there is none. */
  OptionalInt empty(String path);

  /** All that take part and are empty, with their permission bits. */
  Map<String, Integer> empty();

  /**
   * Makes the folder and those above it; gives one that is there and empty these permissions.
   *
   * @throws ReplicaFiles.ObstructedException where a file is in the way
   */
  void make(String path, int mode);

  /** Removes the folder where it is there and empty; those above it stay. */
  void remove(String path);
}
