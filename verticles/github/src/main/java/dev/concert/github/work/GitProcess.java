package dev.concert.github.work;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs git in a repository that no agent can write: without hooks, pager, prompts, and anybody's
 * configuration. Blocking.
 *
 * @param variables of its environment, beside those that every git of ours has; they may be secret
 */
record GitProcess(Path repository, Map<String, String> variables) {
  private static final long LONGEST_MINUTES = 10;
  private static final int LONGEST_ERROR = 2000;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "GIT_TERMINAL_PROMPT", "0",
          "GIT_CONFIG_GLOBAL", "/dev/null",
          "GIT_CONFIG_NOSYSTEM", "1",
          "GIT_ALLOW_PROTOCOL", "http",
          "LC_ALL", "C");

  @FunctionalInterface
  interface Input {
    void write(OutputStream in) throws IOException;
  }

  @FunctionalInterface
  interface Output<T> {
    T read(InputStream out) throws IOException;
  }

  /** What git prints. */
  String text(String... arguments) {
    return new String(run(_ -> {}, InputStream::readAllBytes, arguments), StandardCharsets.UTF_8)
        .strip();
  }

  /**
   * Runs git, which has to succeed.
   *
   * @throws GitException with what git said, where it does not
   */
  <T> T run(Input input, Output<T> output, String... arguments) {
    try {
      Process git = builder(arguments).start();
      CompletableFuture<Process> late = git.onExit().orTimeout(LONGEST_MINUTES, TimeUnit.MINUTES);
      late.exceptionally(_ -> git.destroyForcibly());
      CompletableFuture<String> sent = inBackground(() -> send(git, input));
      CompletableFuture<String> error = inBackground(() -> error(git));
      try {
        T read;
        try (InputStream out = git.getInputStream()) {
          read = output.read(out);
          out.transferTo(OutputStream.nullOutputStream());
        }
        int code = git.waitFor();
        String fault = sent.join();
        if (code != 0 || !fault.isEmpty()) {
          throw new GitException(
              "git %s failed: %s".formatted(arguments[0], fault + error.join()), code);
        }
        return read;
      } finally {
        git.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("git cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitException("git was interrupted", -1);
    }
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "git",
                "--no-pager",
                "--git-dir=" + repository,
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "core.quotePath=false",
                "-c",
                "credential.helper=",
                "-c",
                "http.proxy=",
                "-c",
                "http.followRedirects=false",
                "-c",
                "gc.auto=0"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(repository.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().putAll(SETTINGS);
    builder.environment().putAll(variables);
    return builder;
  }

  private static CompletableFuture<String> inBackground(Supplier<String> work) {
    CompletableFuture<String> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                done.complete(work.get());
              } catch (RuntimeException e) {
                done.complete(e.getMessage() + "\n");
              }
            });
    return done;
  }

  /** What is wrong with the input; empty where git only ended before it had read all. */
  private static String send(Process git, Input input) {
    try (OutputStream in = git.getOutputStream()) {
      input.write(in);
      return "";
    } catch (IOException e) {
      return git.isAlive() ? e.getMessage() + "\n" : "";
    }
  }

  private static String error(Process git) {
    try {
      String text = new String(git.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return text.substring(Math.max(0, text.length() - LONGEST_ERROR));
    } catch (IOException ended) {
      return "It was ended.";
    }
  }
}
