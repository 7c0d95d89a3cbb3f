package dev.concert.chronicle.binding;

import dev.concert.chronicle.tree.FileSystem;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A way to mount a {@link FileSystem} on this host: Concert's own binding of the kernel's protocol,
 * or jnr-fuse over libfuse 2. Thread-safe; every method may block.
 */
public interface MountBinding extends AutoCloseable {
  /** The name of the binding in the configuration ({@code chronicle.binding}). */
  String name();

  /** Why this host cannot mount by this binding, with what to do about it; empty if it can. */
  Optional<String> missing();

  /**
   * Mounts and serves a filesystem. It answers requests when this returns.
   *
   * @param id of the workspace, for thread names and the log
   * @param mountPoint an empty folder
   * @param files closed by {@link MountedFileSystem#unmount}; left open when this throws
   * @throws dev.concert.error.ConcertException when the host refuses the mount
   */
  MountedFileSystem mount(String id, Path mountPoint, FileSystem files);

  /** Ends the threads of the binding. A mount that is left gets no more answers. */
  @Override
  void close();
}
