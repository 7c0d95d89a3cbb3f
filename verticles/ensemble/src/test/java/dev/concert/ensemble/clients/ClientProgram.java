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

/**
 * A client as its users install it: from npm or PyPI, unmodified, in the versions of {@link
 * ClientVersions}.
 */
public final class ClientProgram {
  private static final int TIMEOUT_SECONDS = 300;

  private final Path folder;

  /** What runs its scripts. */
  private final String interpreter;

  private ClientProgram(Path folder, String interpreter) {
    this.folder = folder;
    this.interpreter = interpreter;
  }

  /**
   * Installs it from npm, unless it is installed already.
   *
   * @param name of its folder below {@code src/test/clients}
   */
  public static ClientProgram npm(String name) throws IOException, InterruptedException {
    return installed(name, "node", ClientVersions.asked().npm(name));
  }

  /**
   * Installs it from PyPI, unless it is installed already.
   *
   * @param name of its folder below {@code src/test/clients}
   */
  static ClientProgram python(String name) throws IOException, InterruptedException {
    return installed(name, "bin/python", ClientVersions.asked().python(name));
  }

  private static ClientProgram installed(
      String name, String interpreter, ClientVersions.Installation installation)
      throws IOException, InterruptedException {
    Path folder = Path.of("target", "clients", name).toAbsolutePath();
    ClientProgram program = new ClientProgram(folder, interpreter);
    InstalledOnce.in(
        folder,
        installation.versions(),
        () -> {
          for (Map.Entry<String, byte[]> file : installation.files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
          }
          for (List<String> command : installation.commands()) {
            program.run(folder, System.getenv(), command);
          }
        });
    return program;
  }

  /** Where a file of the sources of this name is. */
  static Path source(String name, String file) {
    return Path.of("src", "test", "clients", name, file);
  }

  /** What a script of its sources prints, an object a line. The script uses what is installed. */
  public List<JsonNode> answers(String script, List<String> arguments)
      throws IOException, InterruptedException {
    byte[] content = Files.readAllBytes(source(folder.getFileName().toString(), script));
    List<String> command = new ArrayList<>();
    command.add(interpreter);
    command.add(InstalledOnce.script(folder, script, content));
    command.addAll(arguments);
    return run(folder, Map.of(), command)
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(EnsembleClient::json)
        .toList();
  }

  /** A file of what npm installed. */
  Path file(String path) {
    return folder.resolve("node_modules").resolve(path);
  }

  /** The version of a package that is installed. */
  String version(String name) throws IOException, InterruptedException {
    if (interpreter.equals("node")) {
      return EnsembleClient.json(Files.readString(file(name + "/package.json")))
          .path("version")
          .asText();
    }
    String asked = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))";
    return run(folder, Map.of(), List.of(interpreter, "-c", asked, name)).strip();
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
