package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent and everything it starts. Methods that say so block: not for event loops.
 * Thread-safe.
 */
public final class AgentProcess {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);
  private static final int STACK_BYTES = 128 << 10;
  private static final long LOG_PATIENCE_MS = 300;

  private final Process process;
  private final ProcessLimit limit;
  private final AgentLog log;
  private final Path instanceFolder;
  private final Thread pump;
  private volatile boolean killed;

  private AgentProcess(Process process, ProcessLimit limit, AgentLog log, Path instanceFolder) {
    this.process = process;
    this.limit = limit;
    this.log = log;
    this.instanceFolder = instanceFolder;
    // A pipe read holds its thread, so this is no task for a virtual one.
    this.pump =
        Thread.ofPlatform()
            .name("podium-log-" + process.pid())
            .daemon()
            .stackSize(STACK_BYTES)
            .unstarted(this::copyOutput);
  }

  /**
   * Starts an agent and writes down its process id. Blocks.
   *
   * @param overrun called, on some thread, when the agent has too many processes and has to be
   *     ended
   */
  public static AgentProcess start(
      AgentLaunch launch,
      Sandbox sandbox,
      ProcessLimits limits,
      ProcessStarter starter,
      AgentLog log,
      Path instanceFolder,
      Runnable overrun)
      throws IOException {
    ProcessLimit limit = limits.of(launch.instanceId(), launch.socket());
    List<String> command = new ArrayList<>(limit.prefix());
    command.addAll(sandbox.command(launch));
    try {
      Process process = starter.start(command, sandbox.folder(launch), sandbox.environment(launch));
      AgentProcess agent = new AgentProcess(process, limit, log, instanceFolder);
      agent.pump.start();
      limit.watch(process.pid(), overrun);
      process.getOutputStream().close();
      Optional<ProcessRecord> record = ProcessRecord.of(process.pid(), launch.socket());
      if (record.isPresent()) {
        record.get().write(instanceFolder);
      }
      return agent;
    } catch (IOException e) {
      limit.killAll();
      limit.close();
      log.close();
      throw e;
    }
  }

  private void copyOutput() {
    byte[] buffer = new byte[8192];
    try (InputStream output = process.getInputStream()) {
      int length = output.read(buffer);
      while (length >= 0) {
        log.append(buffer, length);
        length = output.read(buffer);
      }
    } catch (IOException e) {
      LOG.debug("The output of an agent ended with an error", e);
    }
  }

  /** Completes with the exit code, on some thread. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  public AgentLog log() {
    return log;
  }

  /** Kills the agent's first process at once, without waiting: the rest is done by {@link #end}. */
  public void kill() {
    killed |= process.isAlive();
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would cut the output off
  }

  /**
   * Kills the agent and everything it started, and clears up after it. Blocks for at most about 2
   * s.
   *
   * @return what the first process ended with: its own exit code when it had ended before
   */
  public ExitStatus end() {
    kill();
    limit.killAll();
    try {
      process.waitFor(1, TimeUnit.SECONDS);
      pump.join(LOG_PATIENCE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ExitStatus status =
        new ExitStatus(
            killed || process.isAlive() ? Optional.empty() : Optional.of(process.exitValue()),
            log.tail());
    limit.close();
    clearUp();
    return status;
  }

  private void clearUp() {
    try {
      log.close();
      ProcessRecord.delete(instanceFolder);
      Scratch.remove(instanceFolder);
    } catch (IOException e) {
      LOG.warn("Files of an ended agent are left over in {}", instanceFolder, e);
    }
  }
}
