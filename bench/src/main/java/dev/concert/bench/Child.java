package dev.concert.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the benchmark, ended with it. */
final class Child implements AutoCloseable {
  /** A server with 1,000 sessions takes its mounts away first. */
  private static final int END_SECONDS = 120;

  private final Process process;
  private final BufferedReader output;

  private Child(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Child start(List<String> command, Map<String, String> environment) throws IOException {
    return start(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT), environment);
  }

  /** Starts a process whose output is discarded. */
  static Child quiet(List<String> command, Map<String, String> environment) throws IOException {
    return start(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD),
        environment);
  }

  private static Child start(ProcessBuilder builder, Map<String, String> environment)
      throws IOException {
    builder.environment().putAll(environment);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return new Child(process);
  }

  /** Of the collector and the heap, as the starter script has them. */
  static List<String> usualFlags() {
    return List.of(System.getProperty("bench.flags").split(" "));
  }

  /** A JVM with this program's class path and the flags of the starter script. */
  static List<String> java(List<String> flags, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dvertx.disableDnsResolver=true");
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** The first line of its output that holds this word. */
  String line(String word) throws IOException {
    String line = output.readLine();
    while (line != null && !line.contains(word)) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("A child ended without saying '" + word + "'");
    }
    return line;
  }

  /** Says a line to it. */
  void say(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  long pid() {
    return process.pid();
  }

  /** Seconds of processor time so far. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().map(time -> time.toMillis() / 1e3).orElse(Double.NaN);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
