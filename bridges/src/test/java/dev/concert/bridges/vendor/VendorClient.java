package dev.concert.bridges.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.InstalledOnce;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A program with a platform's own client. It says a line for each step, and at last what it saw.
 */
public final class VendorClient implements AutoCloseable {
  private static final Path SDK = Path.of("target", "sdk").toAbsolutePath();

  private final Process process;
  private final BufferedReader out;
  private final List<String> said = new ArrayList<>();

  private VendorClient(Process process) {
    this.process = process;
    this.out = process.inputReader();
  }

  /** Starts a program; the clients are installed with the first of them. */
  public static VendorClient start(String script, String... arguments) throws Exception {
    install();
    byte[] content = Files.readAllBytes(Path.of("src", "test", "sdk", script));
    List<String> command =
        new ArrayList<>(List.of("node", InstalledOnce.script(SDK, script, content)));
    command.addAll(List.of(arguments));
    return new VendorClient(
        new ProcessBuilder(command).directory(SDK.toFile()).redirectErrorStream(true).start());
  }

  private static void install() throws Exception {
    byte[] wanted = Files.readAllBytes(Path.of("src", "test", "sdk", "package-lock.json"));
    InstalledOnce.in(SDK, wanted, () -> install(wanted));
  }

  private static void install(byte[] wanted) throws IOException, InterruptedException {
    Files.copy(
        Path.of("src", "test", "sdk", "package.json"),
        SDK.resolve("package.json"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.write(SDK.resolve("package-lock.json"), wanted);
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(SDK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(SDK.resolve("npm.txt").toFile())
            .start();
    assertThat(npm.waitFor()).as(() -> text(SDK.resolve("npm.txt"))).isZero();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until it says this line. */
  public void await(String line) throws IOException {
    String next = "";
    while (!next.equals(line)) {
      next = out.readLine();
      assertThat(next).as("'%s' in what was said: %s", line, said).isNotNull();
      said.add(next);
    }
  }

  /** Tells it to go on. */
  public void say(String line) throws IOException {
    process.outputWriter().append(line).append('\n').flush();
  }

  /** What it saw, once it has ended. */
  public JsonObject seen() throws IOException, InterruptedException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
    }
    assertThat(process.waitFor()).as(() -> String.join("\n", said)).isZero();
    return new JsonObject(said.getLast());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
