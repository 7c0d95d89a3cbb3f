package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.InstalledOnce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client as its users install it: from npm or PyPI, in pinned versions, unmodified. */
final class ClientProgram {
  private static final int TIMEOUT_SECONDS = 300;

  private final Path folder;

  /**
   * @param name of its folder below {@code src/test/clients}
   */
  private ClientProgram(String name) {
    folder = Path.of("target", "clients", name).toAbsolutePath();
  }

  /** Installs it from npm, unless this version is installed already. */
  static ClientProgram installed(String name) throws IOException, InterruptedException {
    return installed(
        name,
        List.of("package-lock.json", "package.json"),
        List.of(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")));
  }

  /** Installs it from PyPI, unless these versions are installed already. */
  static ClientProgram ofPython(String name) throws IOException, InterruptedException {
    return installed(
        name,
        List.of("requirements.txt"),
        List.of(
            List.of("python3", "-m", "venv", "."),
            List.of(
                "bin/pip",
                "install",
                "--quiet",
                "--no-compile",
                "--no-deps",
                "-r",
                "requirements.txt")));
  }

  /**
   * @param files what pins its versions, the decisive one first
   */
  private static ClientProgram installed(String name, List<String> files, List<List<String>> steps)
      throws IOException, InterruptedException {
    ClientProgram program = new ClientProgram(name);
    byte[] versions = Files.readAllBytes(source(name, files.getFirst()));
    InstalledOnce.in(
        program.folder,
        versions,
        () -> {
          for (String file : files) {
            Files.write(program.folder.resolve(file), Files.readAllBytes(source(name, file)));
          }
          for (List<String> step : steps) {
            program.run(program.folder, System.getenv(), step);
          }
        });
    return program;
  }

  /** Runs a script of its sources, which uses what is installed. */
  List<JsonNode> answers(List<String> command, String script, List<String> arguments)
      throws IOException, InterruptedException {
    byte[] content = Files.readAllBytes(source(folder.getFileName().toString(), script));
    List<String> whole = new ArrayList<>(command);
    whole.add(InstalledOnce.script(folder, script, content));
    whole.addAll(arguments);
    return run(folder, Map.of(), whole)
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(EnsembleClient::json)
        .toList();
  }

  private static Path source(String name, String file) {
    return Path.of("src", "test", "clients", name, file);
  }

  Path file(String path) {
    return folder.resolve("node_modules").resolve(path);
  }

  /** What it writes, if it ends well. It sees only these variables of the environment. */
  String run(Path work, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("client", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(out);
    Files.delete(out);
    assertThat(ended).as("It ends. It said: %s", said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
