package dev.concert.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** {@code oidc-provider} from npm, an OpenID provider that others wrote, in its own process. */
public final class OidcProvider implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "oidc").toAbsolutePath();
  private static final String READY = "PORT ";

  private final Process process;
  private final String issuer;

  private OidcProvider(Process process, String issuer) {
    this.process = process;
    this.issuer = issuer;
  }

  /**
   * Installs and starts it; skips the test where Node.js is missing.
   *
   * @param source the folder with its package files and scripts
   * @param script that prints {@code PORT} and the port
   */
  public static OidcProvider start(Path source, String script) {
    assumeTrue(isInstalled("node") && isInstalled("npm"), "Node.js and npm are not installed");
    try {
      byte[] versions = Files.readAllBytes(source.resolve("package-lock.json"));
      InstalledOnce.in(FOLDER, versions, () -> install(source, versions));
      byte[] program = Files.readAllBytes(source.resolve(script));
      Process process = start("node", InstalledOnce.script(FOLDER, script, program));
      return new OidcProvider(process, "http://127.0.0.1:" + port(process.inputReader()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void install(Path source, byte[] versions)
      throws IOException, InterruptedException {
    Files.write(FOLDER.resolve("package.json"), Files.readAllBytes(source.resolve("package.json")));
    Files.write(FOLDER.resolve("package-lock.json"), versions);
    Process npm = start("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (npm.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
  }

  private static String port(BufferedReader output) throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(READY)) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IllegalStateException("The provider ended before it listened");
    }
    Thread.ofVirtual().start(() -> output.lines().forEach(said -> {}));
    return line.substring(READY.length());
  }

  /** Its URL. */
  public String issuer() {
    return issuer;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
