package dev.concert.platform.doctor;

import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.coordinator.sandbox.SandboxMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Checks what Concert needs on its machine. Blocking: starts a few short processes. */
public final class Doctor {
  private static final List<String> VENDOR_KEYS =
      List.of(
          "ANTHROPIC_API_KEY",
          "OPENAI_API_KEY",
          "GEMINI_API_KEY",
          "XAI_API_KEY",
          "OPENROUTER_API_KEY");

  private final Map<String, String> environment;
  private final ChronicleOptions.Mode mode;
  private final ChronicleOptions.Binding binding;
  private final SandboxMode sandbox;

  /**
   * @param environment variables of the process
   * @param mode how an agent gets at its files, by the configuration
   * @param binding what mounts workspaces, by the configuration
   * @param sandbox how agents are shut in, by the configuration
   */
  public Doctor(
      Map<String, String> environment,
      ChronicleOptions.Mode mode,
      ChronicleOptions.Binding binding,
      SandboxMode sandbox) {
    this.environment = environment;
    this.mode = mode;
    this.binding = binding;
    this.sandbox = sandbox;
  }

  /** The result of each check, in the order in which a turn needs the parts. */
  public List<CheckResult> examine() {
    return List.of(
        java(),
        python(),
        BindingCheck.of(mode, binding),
        SandboxCheck.of(sandbox),
        model(),
        chromium());
  }

  private CheckResult java() {
    int version = Runtime.version().feature();
    return version >= 25
        ? CheckResult.ok("Java", Runtime.version().toString())
        : CheckResult.missing(
            "Java",
            "this is Java " + version + "; Concert needs 25",
            "install a JDK 25 and set CONCERT_JAVA_HOME to it");
  }

  private CheckResult python() {
    return output("python3", "--version")
        .map(found -> CheckResult.ok("Python", found))
        .orElseGet(
            () ->
                CheckResult.missing(
                    "Python", "agents are Python programs", "apt-get install python3"));
  }

  private CheckResult model() {
    return VENDOR_KEYS.stream()
        .filter(name -> !environment.getOrDefault(name, "").isBlank())
        .findFirst()
        .map(name -> CheckResult.ok("Model", name + " is set"))
        .orElseGet(
            () ->
                CheckResult.fallback(
                    "Model",
                    "no vendor's API key is set; the built-in demo model answers",
                    "export ANTHROPIC_API_KEY=… (or the key of another vendor), or give a"
                        + " configuration file with --config"));
  }

  private CheckResult chromium() {
    return output("chromedriver", "--version")
        .map(found -> CheckResult.ok("Chromium (tests only)", found))
        .orElseGet(
            () ->
                CheckResult.fallback(
                    "Chromium (tests only)",
                    "`concert test` skips the tests of the web page",
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
