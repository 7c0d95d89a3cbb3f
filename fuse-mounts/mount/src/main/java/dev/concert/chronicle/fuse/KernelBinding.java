package dev.concert.chronicle.fuse;

import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.binding.MountSupport;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.tree.FileSystem;
import java.nio.file.Path;
import java.util.Optional;

/** Mounts by the kernel's protocol, without libfuse. All its mounts share threads. */
public final class KernelBinding implements MountBinding {
  /** The value in the configuration. */
  public static final String NAME = "kernel";

  private Optional<RequestThreads> threads = Optional.empty();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return MountSupport.missing("fusermount3", "fusermount");
  }

  @Override
  public MountedFileSystem mount(String id, Path mountPoint, FileSystem files) {
    return KernelMount.mount(threads(), id, mountPoint, files);
  }

  /** Started by the first mount: a host that cannot mount needs none. */
  private synchronized RequestThreads threads() {
    if (threads.isEmpty()) {
      threads = Optional.of(RequestThreads.start());
    }
    return threads.get();
  }

  @Override
  public synchronized void close() {
    threads.ifPresent(RequestThreads::close);
  }
}
