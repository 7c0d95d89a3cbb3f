package dev.concert.chronicle.fuse;

import dev.concert.chronicle.binding.FileSystemServer;
import dev.concert.chronicle.binding.MountSupport;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.binding.ServedMount;
import dev.concert.chronicle.fuse.request.OperationTable;
import dev.concert.chronicle.tree.FileSystem;
import java.nio.file.Path;
import java.time.Duration;

/** Serves one mount by {@link RequestThreads}. */
final class KernelMount implements FileSystemServer {
  private final OperationTable operations;
  private final FuseDevice device;

  private KernelMount(OperationTable operations, FuseDevice device) {
    this.operations = operations;
    this.device = device;
  }

  /**
   * Mounts and serves. The mount point must be an empty folder.
   *
   * @param threads serve it
   * @param name for the log
   */
  static MountedFileSystem mount(
      RequestThreads threads, String name, Path mountPoint, FileSystem files) {
    OperationTable operations = new OperationTable(files);
    MountSupport.preload(files);
    FuseDevice device = threads.serve(name, KernelMounter.mount(mountPoint), operations);
    return new ServedMount(mountPoint, files, new KernelMount(operations, device));
  }

  @Override
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return device.awaitGone(timeout);
  }

  @Override
  public boolean isBusy() {
    return device.isBusy();
  }

  @Override
  public void stop() {
    operations.stop();
  }

  /** The threads are shared and keep no thread for this mount: there is nothing to end. */
  @Override
  public void abort() {}
}
