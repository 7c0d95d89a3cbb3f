package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import io.vertx.core.json.JsonArray;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The container image, as {@code container/build} makes it: started in namespaces of its own as its
 * user, with a root that nobody can write, as a container's runtime does.
 */
@EnabledIfSystemProperty(named = "concert.container", matches = "true")
class ContainerImageTest {
  private static final Path HOME = Path.of("..", "..").toAbsolutePath().normalize();
  private static final String KEY = "key-of-somebody-who-tests";

  @TempDir Path folder;

  private static void run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** The program and its libraries, each in a jar. */
  private Path jars() throws Exception {
    Path jars = Files.createDirectories(folder.resolve("jars"));
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      Path jar = jars.resolve(number++ + "-" + path.getFileName() + ".jar");
      if (Files.isDirectory(path)) {
        run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jar").toString(),
                "--create",
                "--file",
                jar.toString(),
                "-C",
                entry,
                "."));
      } else if (Files.exists(path)) {
        Files.copy(path, jar, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return jars;
  }

  /** The words of an instruction that has them as JSON. */
  private List<String> words(String instruction) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("image").resolve("Dockerfile"))) {
      String line = lines.filter(one -> one.startsWith(instruction)).findFirst().orElseThrow();
      return new JsonArray(line.substring(line.indexOf('[')))
          .stream().map(String::valueOf).toList();
    }
  }

  private Process start(Path data, List<String> command, String... more) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "bwrap",
                "--unshare-user",
                "--uid",
                "10001",
                "--gid",
                "10001",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--die-with-parent",
                "--clearenv",
                "--setenv",
                "ENSEMBLE_API_KEY",
                KEY,
                "--setenv",
                "LANG",
                "C.UTF-8",
                "--ro-bind",
                folder.resolve("image").resolve("rootfs").toString(),
                "/",
                "--bind",
                data.toString(),
                "/data",
                "--tmpfs",
                "/tmp",
                "--dev",
                "/dev",
                "--proc",
                "/proc"));
    all.addAll(command);
    all.addAll(List.of(more));
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said.log").toFile())
        .start();
  }

  @Test
  void itServesAsItsUserAndItsHealthCheckTells() throws Exception {
    run(
        List.of(
            HOME.resolve("container").resolve("build").toString(),
            folder.resolve("image").toString(),
            jars().toString()));
    Path data = Files.createDirectory(folder.resolve("data"));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String[] there = {"--port", Integer.toString(port)};
    assertThat(start(data, words("HEALTHCHECK"), there).waitFor()).as("before").isEqualTo(1);

    Process server = start(data, words("ENTRYPOINT"), there);
    try {
      Path said = folder.resolve("said.log");
      Await.until(() -> !server.isAlive() || read(said).contains("Ensemble is ready"));
      assertThat(server.isAlive()).as(read(said)).isTrue();
      assertThat(ask(port)).contains("choices");
      assertThat(start(data, words("HEALTHCHECK"), there).waitFor()).as("while it runs").isZero();
      assertThat(data.resolve("ledger.db")).exists();
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ask(int port) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + KEY)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"help\"}]}"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
