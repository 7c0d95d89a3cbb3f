package dev.concert.platform.turn;

import static dev.concert.platform.harness.FilesOverHttp.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.FilesOverHttp;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session's workspace as an archive over HTTP. */
class ArchiveApiTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private TestClient client;
  private FilesOverHttp files;

  @BeforeEach
  void sit() {
    client = TestClient.echo(PLATFORM.connect());
    files = new FilesOverHttp(PLATFORM, client);
  }

  private static Map<String, String> zip(HttpResponse<byte[]> response) throws IOException {
    assertThat(response.statusCode()).isEqualTo(200);
    Map<String, String> found = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(response.body()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        found.put(entry.getName(), new String(zip.readAllBytes()));
      }
    }
    return found;
  }

  private HttpResponse<byte[]> archive(String... parameters) {
    return files.send("GET", "archive", new byte[0], parameters);
  }

  @Test
  void whatTheAgentMadeIsDownloadedAsItIsAndAsItWas() throws IOException {
    client.run("!write dir/f.txt one");
    long then =
        files.ask("GET", "history", "path", "dir/f.txt").at("/iterations/0/timestamp").asLong();
    files.post("snapshots", "{\"name\": \"first\"}");
    client.run("!write dir/f.txt two");
    files.put("g.txt", "g");
    files.put("target/built", "b");

    HttpResponse<byte[]> now = archive("format", "zip");
    assertThat(zip(now)).isEqualTo(Map.of("dir/f.txt", "two", "g.txt", "g", "target/built", "b"));
    assertThat(now.headers().firstValue("content-type")).contains("application/zip");
    assertThat(now.headers().firstValue("content-disposition"))
        .contains("attachment; filename=\"workspace.zip\"");
    HttpResponse<byte[]> first = archive("format", "zip", "snapshot", "first");
    assertThat(zip(first)).isEqualTo(Map.of("dir/f.txt", "one"));
    assertThat(first.headers().firstValue("x-excluded-files")).contains("1");
    assertThat(now.headers().firstValue("x-excluded-files")).isEmpty();
    assertThat(zip(archive("format", "zip", "at", Long.toString(then))))
        .isEqualTo(Map.of("dir/f.txt", "one"));
    assertThat(archive().headers().firstValue("content-type")).contains("application/gzip");
  }

  @Test
  void aSessionWithoutFilesHasAnEmptyArchive() throws IOException {
    assertThat(zip(archive("format", "zip"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "archive?format=rar, 400, INVALID_MESSAGE",
    "archive?at=never, 400, INVALID_MESSAGE",
    "archive?at=1&snapshot=a, 400, INVALID_MESSAGE",
    "archive?at=1, 404, ITERATION_NOT_FOUND",
    "archive?snapshot=none, 404, SNAPSHOT_NOT_FOUND"
  })
  void whatIsWrongIsNamed(String route, int status, String code) {
    assertThat(json(files.send("GET", route, new byte[0]), status).path("code").asText())
        .isEqualTo(code);
  }
}
