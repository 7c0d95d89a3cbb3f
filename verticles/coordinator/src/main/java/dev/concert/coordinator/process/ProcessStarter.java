package dev.concert.coordinator.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts every agent from one platform thread that lives as long as the coordinator: the kernel
 * counts that thread as the parent, and bubblewrap's {@code --die-with-parent} kills the agent when
 * it ends. A worker thread that a pool lets go would take its agents with it. Each process gets a
 * session keyring of its own.
 */
public final class ProcessStarter implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("podium-process-starter").daemon().factory());

  private final SessionKeys keyring = new SessionKeys();

  /** Blocks until the process was started. Its output and errors come as one stream. */
  Process start(List<String> command, Path folder, Map<String, String> environment)
      throws IOException {
    try {
      return thread
          .submit(
              () -> {
                keyring.renew();
                ProcessBuilder builder =
                    new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true);
                builder.environment().clear();
                builder.environment().putAll(environment);
                return builder.start();
              })
          .get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a process was started", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
