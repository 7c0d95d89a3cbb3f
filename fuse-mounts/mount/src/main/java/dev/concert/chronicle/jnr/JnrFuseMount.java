package dev.concert.chronicle.jnr;

import dev.concert.chronicle.binding.FileSystemServer;
import dev.concert.chronicle.binding.MountTable;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.binding.ServedMount;
import dev.concert.chronicle.binding.Unmounter;
import dev.concert.chronicle.tree.FileSystem;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one mount by libfuse, on a thread of its own. */
final class JnrFuseMount implements FileSystemServer {
  private static final Logger LOG = LoggerFactory.getLogger(JnrFuseMount.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(1);
  private static final long POLL_MILLIS = 5;
  private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");

  private final Path mountPoint;
  private final LibfuseSession session;
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread thread;
  private OptionalInt connection = OptionalInt.empty();

  private JnrFuseMount(String id, Path mountPoint, FileSystem files) {
    this.mountPoint = mountPoint;
    this.session = new LibfuseSession(files);
    this.thread = Thread.ofPlatform().daemon().name("chronicle-jnr-" + id).unstarted(this::run);
  }

  /**
   * Mounts and waits until the mount is served.
   *
   * @throws ConcertException when libfuse refuses
   */
  static MountedFileSystem start(String id, Path mountPoint, FileSystem files) {
    JnrFuseMount mount = new JnrFuseMount(id, mountPoint, files);
    mount.thread.start();
    mount.awaitStart();
    return new ServedMount(mountPoint, files, mount);
  }

  private void run() {
    try {
      exitCode.complete(session.run(LibfuseOptions.arguments(mountPoint, Unmounter.isRoot())));
    } catch (Throwable failure) {
      LOG.error("The thread that serves {} failed", mountPoint, failure);
      exitCode.completeExceptionally(failure);
    }
  }

  private void awaitStart() {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    try {
      while (!session.awaitReady(POLL_MILLIS)) {
        if (exitCode.isDone()) {
          throw refused("libfuse refused it and wrote the reason to standard error");
        }
        if (System.nanoTime() > deadline) {
          Unmounter.detach(mountPoint);
          throw refused("the kernel did not answer within " + START_TIMEOUT.toSeconds() + " s");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Unmounter.detach(mountPoint);
      throw refused("the server was interrupted");
    }
    connection = MountTable.connection(mountPoint);
  }

  private static ConcertException refused(String why) {
    return new ConcertException(
        ErrorCode.INTERNAL, "The workspace cannot be mounted by jnr-fuse: " + why + ".");
  }

  @Override
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return thread.join(timeout);
  }

  @Override
  public boolean isBusy() {
    return session.isBusy();
  }

  @Override
  public void stop() {
    session.stop();
  }

  /**
   * Ends the connection to the kernel, and so the thread, which libfuse would keep until the last
   * process closed its files. Without {@code fusectl} the thread stays until then.
   */
  @Override
  public void abort() throws InterruptedException {
    connection.ifPresent(this::abort);
    thread.join(ABORT_TIMEOUT);
  }

  private void abort(int number) {
    Path control = CONNECTIONS.resolve(number + "/abort");
    try {
      if (Files.exists(control)) {
        Files.writeString(control, "1");
      }
    } catch (IOException e) {
      LOG.warn("Cannot end the connection of {}; its thread stays", mountPoint, e);
    }
  }
}
