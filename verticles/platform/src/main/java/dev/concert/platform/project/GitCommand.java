package dev.concert.platform.project;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs git in a folder that no agent can write: without hooks, pager, prompts, network and the
 * variables by which a caller's git could mean another repository. Blocking.
 *
 * @param isolated whether neither the user's nor the system's configuration is read
 * @param protocols by which it may fetch
 */
record GitCommand(Path folder, boolean isolated, String protocols) {
  private static final String PREFIX = "GIT_";
  private static final String CEILING = "GIT_CEILING_DIRECTORIES";
  private static final long LONGEST_MINUTES = 10;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "GIT_OPTIONAL_LOCKS", "0",
          "GIT_TERMINAL_PROMPT", "0",
          "GIT_NO_LAZY_FETCH", "1",
          "LC_ALL", "C");

  GitCommand(Path folder, boolean isolated) {
    this(folder, isolated, "none");
  }

  /** The same, which may read a bundle. */
  GitCommand fromFiles() {
    return new GitCommand(folder, isolated, "file");
  }

  /** What git printed, and how it ended. */
  record Result(int code, byte[] out, String error) {
    String text() {
      return new String(out, StandardCharsets.UTF_8).strip();
    }

    /** The parts of an output that ends each of them with a NUL. */
    List<String> parts() {
      String all = new String(out, StandardCharsets.UTF_8);
      return all.isEmpty() ? List.of() : List.of(all.split("\0"));
    }
  }

  boolean isInstalled() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(place -> Files.isExecutable(Path.of(place, "git")));
  }

  /**
   * Runs git, which has to succeed.
   *
   * @throws ProjectException with what git said, where it does not
   */
  Result run(String... arguments) {
    return run(new byte[0], arguments);
  }

  /** The same with an input. */
  Result run(byte[] input, String... arguments) {
    Result result = attempt(input, arguments);
    if (result.code() != 0) {
      throw new ProjectException(
          "git %s failed in %s: %s".formatted(arguments[0], folder, result.error()));
    }
    return result;
  }

  Result attempt(String... arguments) {
    return attempt(new byte[0], arguments);
  }

  Result attempt(byte[] input, String... arguments) {
    try {
      Process git = builder(arguments).start();
      Thread.ofVirtual().start(() -> send(git, input));
      CompletableFuture<String> error = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> error.complete(error(git)));
      CompletableFuture<Process> late = git.onExit().orTimeout(LONGEST_MINUTES, TimeUnit.MINUTES);
      late.exceptionally(_ -> git.destroyForcibly());
      byte[] out = git.getInputStream().readAllBytes();
      return new Result(git.waitFor(), out, error.join());
    } catch (IOException e) {
      throw new ProjectException("git cannot be run in %s. Use --no-dir.".formatted(folder), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProjectException("git was interrupted.", e);
    }
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "git",
                "--no-pager",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "core.untrackedCache=false",
                "-c",
                "core.quotePath=false"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith(PREFIX) && !name.equals(CEILING));
    environment.putAll(SETTINGS);
    environment.put("GIT_ALLOW_PROTOCOL", protocols);
    if (isolated) {
      environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
      environment.put("GIT_CONFIG_NOSYSTEM", "1");
    }
    return builder;
  }

  private static void send(Process git, byte[] input) {
    try (OutputStream in = git.getOutputStream()) {
      in.write(input);
    } catch (IOException ended) {
      // It says in its result why it did not read all.
    }
  }

  private static String error(Process git) {
    try {
      return new String(git.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException ended) {
      return "It was ended.";
    }
  }
}
