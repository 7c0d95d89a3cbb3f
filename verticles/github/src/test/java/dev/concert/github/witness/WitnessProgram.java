package dev.concert.github.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.InstalledOnce;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Programs with clients of GitHub, each installed once with its pinned version. */
public final class WitnessProgram {
  private static final Path SOURCE = Path.of("src", "test", "sdk").toAbsolutePath();
  private static final Path NODE = Path.of("target", "sdk-node").toAbsolutePath();
  private static final Path PYTHON = Path.of("target", "sdk-python").toAbsolutePath();

  private WitnessProgram() {}

  /** The folder with the packages of npm. */
  public static Path packages() throws Exception {
    InstalledOnce.in(
        NODE,
        Files.readAllBytes(SOURCE.resolve("package-lock.json")),
        () -> {
          copy("package.json", NODE);
          copy("package-lock.json", NODE);
          run(NODE, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        });
    return NODE.resolve("node_modules");
  }

  static JsonObject node(String script, String... arguments) throws Exception {
    packages();
    copy(script, NODE);
    return last(NODE, command("node", script, arguments));
  }

  static JsonObject python(String script, String... arguments) throws Exception {
    InstalledOnce.in(
        PYTHON,
        Files.readAllBytes(SOURCE.resolve("requirements.txt")),
        () -> {
          copy("requirements.txt", PYTHON);
          run(PYTHON, "python3", "-m", "venv", "venv");
          run(PYTHON, "venv/bin/pip", "install", "-q", "-r", "requirements.txt");
        });
    copy(script, PYTHON);
    return last(PYTHON, command("venv/bin/python", script, arguments));
  }

  private static String[] command(String program, String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program, script));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private static void copy(String file, Path to) throws IOException {
    Files.copy(SOURCE.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private static JsonObject last(Path folder, String... command) throws Exception {
    return new JsonObject(run(folder, command).lines().toList().getLast());
  }

  private static String run(Path folder, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
