package dev.concert.coordinator.process;

import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.coordinator.sandbox.LaunchSpec;
import dev.concert.coordinator.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent and everything it starts. Methods that say so block: not for event loops.
 * Thread-safe.
 */
public final class AgentProcess {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);
  private static final int STACK_BYTES = 128 << 10;
  private static final long LOG_TIMEOUT_MS = 300;

  private final Process process;
  private final ResourceGroup group;
  private final ResourceLimits limits;
  private final AgentLog log;
  private final Path instanceFolder;
  private final Thread pump;
  private volatile boolean killed;
  private volatile Set<ProcessTable.Identity> kept = Set.of();

  private AgentProcess(
      Process process,
      ResourceGroup group,
      ResourceLimits limits,
      AgentLog log,
      Path instanceFolder) {
    this.process = process;
    this.group = group;
    this.limits = limits;
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
   * @param overrun called, on some thread, when the agent passed a limit and must be ended
   */
  public static AgentProcess start(
      LaunchSpec launch,
      ResourceLimits limits,
      Sandbox sandbox,
      ResourceGroups groups,
      ProcessStarter starter,
      AgentLog log,
      Path instanceFolder,
      Runnable overrun)
      throws IOException {
    ResourceGroup group = groups.of(launch.instanceId(), launch.socket(), limits);
    try {
      List<String> command =
          LaunchPrefix.before(sandbox.command(launch), group.entrances(), limits.openFiles());
      Process process = starter.start(command, sandbox.folder(launch), sandbox.environment(launch));
      AgentProcess agent = new AgentProcess(process, group, limits, log, instanceFolder);
      agent.pump.start();
      group.watch(process.pid(), overrun);
      agent.feed(sandbox.input());
      Optional<ProcessRecord> record =
          ProcessRecord.of(process.pid(), launch.socket(), group.folders());
      if (record.isPresent()) {
        record.get().write(instanceFolder);
      }
      return agent;
    } catch (IOException | RuntimeException e) {
      group.killAll();
      group.close();
      log.close();
      throw e;
    }
  }

  private void feed(byte[] input) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(input);
    } catch (IOException e) {
      LOG.debug("The sandbox ended before it read its input; its exit is reported", e);
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

  /** Notes what runs now: {@link #killStartedSince} lets it run on. Blocks. */
  public void keepRunning() {
    kept = group.members().stream().map(ProcessTable.Entry::identity).collect(Collectors.toSet());
  }

  /**
   * Kills what was started since then, wherever it moved to inside of the agent, and lets the rest
   * continue. Blocks until it is gone, for half a second at most.
   *
   * @param nanoTime of the clock of {@link System#nanoTime}
   */
  public void killStartedSince(long nanoTime) {
    StartTime since = StartTime.at(nanoTime);
    // The kernel's times are a hundredth of a second apart, and so may be two turns.
    group.kill(process -> since.isNotAfter(process) && !kept.contains(process.identity()));
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
    Optional<String> overrun = group.overrun().map(passed -> passed.inWords(limits));
    group.killAll();
    try {
      process.waitFor(1, TimeUnit.SECONDS);
      pump.join(LOG_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ExitStatus status =
        new ExitStatus(
            killed || process.isAlive() ? Optional.empty() : Optional.of(process.exitValue()),
            overrun,
            log.tail());
    group.close();
    clearUp();
    return status;
  }

  private void clearUp() {
    try {
      log.close();
      ProcessRecord.delete(instanceFolder);
      TempDirectory.remove(instanceFolder);
    } catch (IOException e) {
      LOG.warn("Files of an ended agent are left over in {}", instanceFolder, e);
    }
  }
}
