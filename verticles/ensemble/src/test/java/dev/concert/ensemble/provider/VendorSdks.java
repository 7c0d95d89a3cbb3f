package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.InstalledOnce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The official SDKs of OpenAI, Anthropic and Google from npm, run by Node.js. */
public final class VendorSdks {
  private static final Path FOLDER = Path.of("target", "sdk").toAbsolutePath();

  private VendorSdks() {}

  /** Installs them, unless they are installed already. */
  public static void install() throws IOException, InterruptedException {
    byte[] versions = source("package-lock.json");
    InstalledOnce.in(
        FOLDER,
        versions,
        () -> {
          Files.write(FOLDER.resolve("package.json"), source("package.json"));
          Files.write(FOLDER.resolve("package-lock.json"), versions);
          said("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        });
  }

  /** What a script of {@code src/test/sdk} prints, an object a line. */
  public static List<JsonNode> run(String script, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("node");
    command.add(InstalledOnce.script(FOLDER, script, source(script)));
    command.addAll(arguments);
    return said(command.toArray(String[]::new))
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(EnsembleClient::json)
        .toList();
  }

  private static byte[] source(String file) throws IOException {
    return Files.readAllBytes(Path.of("src", "test", "sdk", file));
  }

  private static String said(String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("sdk", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(out);
    Files.delete(out);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
