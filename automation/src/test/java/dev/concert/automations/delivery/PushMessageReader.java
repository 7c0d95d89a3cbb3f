package dev.concert.automations.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.InstalledOnce;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Reads messages of Web Push with the package http_ece and Node's own cryptography. */
public final class PushMessageReader {
  private static final Path SOURCE = Path.of("src", "test", "sdk").toAbsolutePath();
  private static final Path FOLDER = Path.of("target", "sdk").toAbsolutePath();

  private PushMessageReader() {}

  /**
   * What a message says, and who signed it.
   *
   * @param wanted {@code privateKey} and {@code auth} of the browser, {@code body}, all in Base64
   *     for URLs, and the header {@code authorization}
   */
  public static JsonObject read(JsonObject wanted) throws Exception {
    byte[] pinned = Files.readAllBytes(SOURCE.resolve("package-lock.json"));
    InstalledOnce.in(
        FOLDER,
        pinned,
        () -> {
          for (String file : new String[] {"package.json", "package-lock.json"}) {
            Files.copy(
                SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
          }
          run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        });
    byte[] script = Files.readAllBytes(SOURCE.resolve("read-push.js"));
    return new JsonObject(
        run("node", InstalledOnce.script(FOLDER, "read-push.js", script), wanted.encode()));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
