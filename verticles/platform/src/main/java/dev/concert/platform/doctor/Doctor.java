package dev.concert.platform.doctor;

import dev.concert.chronicle.fuse.FuseSupport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Looks at what Concert uses of its machine. Blocking; starts a few short processes. */
public final class Doctor {
  private final Map<String, String> environment;

  public Doctor(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Everything that was looked for, in the order in which a turn needs it. */
  public List<Finding> examine() {
    return List.of(java(), python(), fuse(), bubblewrap(), model(), chromium());
  }

  private Finding java() {
    int version = Runtime.version().feature();
    return version >= 25
        ? Finding.ok("Java", Runtime.version().toString())
        : Finding.missing(
            "Java",
            "this is Java " + version + ", Concert needs 25",
            "install a JDK 25 and set CONCERT_JAVA_HOME to it");
  }

  private Finding python() {
    return output("python3", "--version")
        .map(found -> Finding.ok("Python", found))
        .orElseGet(
            () -> Finding.missing("Python", "agents are written in it", "apt-get install python3"));
  }

  private Finding fuse() {
    return FuseSupport.missing()
        .map(
            reason ->
                Finding.fallback(
                    "FUSE",
                    reason + "; workspaces are plain folders that are watched",
                    Files.isWritable(Path.of("/dev/fuse"))
                        ? "apt-get install fuse3"
                        : "run as root on Linux, in a container with --device /dev/fuse"))
        .orElseGet(
            () -> Finding.ok("FUSE", "workspaces are mounted, every change is seen as it happens"));
  }

  private Finding bubblewrap() {
    return output("bwrap", "--version")
        .map(found -> Finding.ok("Sandbox", found))
        .orElseGet(
            () ->
                Finding.fallback(
                    "Sandbox",
                    "agents run as plain processes and see the whole machine",
                    "apt-get install bubblewrap"));
  }

  private Finding model() {
    return environment.containsKey("OPENAI_API_KEY")
        ? Finding.ok("Model", "OPENAI_API_KEY is set")
        : Finding.fallback(
            "Model",
            "no provider key is set: the built-in demo model answers",
            "export OPENAI_API_KEY=…, or write an ensemble section and give it with --config");
  }

  private Finding chromium() {
    return output("chromedriver", "--version")
        .map(found -> Finding.ok("Chromium (tests only)", found))
        .orElseGet(
            () ->
                Finding.fallback(
                    "Chromium (tests only)",
                    "`concert test` cannot try the web page",
                    "apt-get install chromium chromium-driver"));
  }

  /** First line of what a program prints, if it is there and ends well. */
  private static Optional<String> output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? text.lines().findFirst() : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
