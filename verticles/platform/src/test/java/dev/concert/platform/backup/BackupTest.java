package dev.concert.platform.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concert.chronicle.binding.StaleMounts;
import dev.concert.foundation.files.FolderRemoval;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import dev.concert.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose folder is lost, and the next one, which has its backup. */
class BackupTest {
  private static final String PROMPT =
      "create hello.py that prints the first ten primes and run it";

  @TempDir Path folder;
  private S3Server bucket;
  private Path data;
  private Path restored;
  private Path config;

  @BeforeEach
  void start() throws IOException {
    Path tools = Program.home().resolve(".concert/tools/node_modules/@flydotio");
    Assumptions.assumeTrue(
        Files.isDirectory(tools),
        "Litestream is missing: npm install --prefix .concert/tools @flydotio/litestream@1.0.1");
    data = folder.resolve("data");
    restored = folder.resolve("restored");
    bucket = S3Server.start(Files.createDirectory(folder.resolve("s3")));
    bucket.makeBucket("backup");
    bucket.makeBucket("contents");
    config = folder.resolve("concert.yaml");
    String server = "endpoint: 'http://127.0.0.1:%d'".formatted(bucket.port());
    Files.writeString(
        config,
        """
        backup: {bucket: backup, %s, intervalSeconds: 1}
        chronicle: {s3: {bucket: contents, %s}}
        """
            .formatted(server, server));
  }

  @AfterEach
  void stop() {
    if (bucket != null) {
      bucket.close();
    }
  }

  private static Map<String, String> credentials() {
    return Map.of("AWS_ACCESS_KEY_ID", S3Server.KEY_ID, "AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
  }

  private ServerProcess server(Path where) {
    return ServerProcess.start("up", where, credentials(), "--config", config.toString());
  }

  private ProgramRun restore() {
    return new ProgramRun.Setting(Program.home(), new HashMap<>(credentials()))
        .run("restore", "--into", restored.toString(), "--config", config.toString());
  }

  private static JsonNode health(ServerProcess server) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return new ObjectMapper()
          .readTree(
              http.send(
                      HttpRequest.newBuilder(URI.create(server.url() + "/health")).build(),
                      BodyHandlers.ofString())
                  .body())
          .path("backup");
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> ledger(Path where) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection books =
            DriverManager.getConnection("jdbc:sqlite:" + where.resolve("ledger.db"));
        ResultSet row =
            books
                .createStatement()
                .executeQuery(
                    "SELECT request_id, customer_id, model, input_tokens, output_tokens, cost,"
                        + " outcome FROM calls ORDER BY id")) {
      while (row.next()) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 7; i++) {
          text.append(row.getString(i)).append(' ');
        }
        rows.add(text.toString());
      }
    }
    return rows;
  }

  @Test
  void aSessionThatWasCreatedAfterTheStartIsRestoredWithItsFilesAndItsLedger() throws Exception {
    String sessionId;
    List<JsonNode> before;
    List<String> booked;
    try (ServerProcess server = server(data);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      Await.until("the backup runs", () -> health(server).path("status").asText().equals("ok"));
      TestClient user = TestClient.create(client, "coding-agent");
      sessionId = user.sessionId();
      assertThat(user.run(PROMPT).path("type").asText()).isEqualTo("turn_complete");
      assertThat(server.terminate()).isZero();
      before = user.events();
      booked = ledger(data);
    }
    FolderRemoval.remove(data);

    ProgramRun run = restore().expect(0);

    assertThat(run.out()).contains("1 files of 1 workspaces").contains("concert up --data");
    assertThat(booked).isNotEmpty();
    assertThat(ledger(restored)).isEqualTo(booked);
    try (ServerProcess next = server(restored);
        ProtocolClient client = ProtocolClient.connect(next.url())) {
      TestClient user = TestClient.join(client, sessionId, 0);
      assertThat(user.run("list the files").path("finalText").asText()).contains("hello.py");
      Events.verifyKept(before, user.events());
      assertThat(user.ask("read_file", Map.of("path", "hello.py")).path("content").asText())
          .contains("print");
      assertThat(
              user.ask("file_history", Map.of("path", "hello.py"))
                  .path("iterations")
                  .findValuesAsText("iteration"))
          .containsExactly("1");
    }
  }

  @Test
  void aServerThatWasKilledIsRestoredAsFarAsItsBackupCame() throws Exception {
    String sessionId;
    List<JsonNode> before;
    try (ServerProcess server = server(data);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient user = TestClient.echo(client);
      sessionId = user.sessionId();
      user.run("!write kept.txt kept");
      user.run("!run mkdir -p d && ln -s ../kept.txt d/link && chmod 750 kept.txt");
      before = user.events();
      Await.until(
          "everything is copied",
          () -> {
            JsonNode part = health(server);
            return part.path("status").asText().equals("ok")
                && Integer.parseInt(part.path("details").path("databases").asText()) >= 5
                && part.path("details").path("lag_seconds").asText().equals("0");
          });
      awaitCopied("session.db");
      Await.until("all contents are in their bucket", this::areAllContentsSent);
      server.kill();
    }
    // The folder stays until its mounts are cleared: nothing of it is used.

    restore().expect(0);

    try (ServerProcess next = server(restored);
        ProtocolClient client = ProtocolClient.connect(next.url())) {
      TestClient user = TestClient.join(client, sessionId, 0);
      assertThat(user.run("!read kept.txt").path("finalText").asText()).isEqualTo("kept");
      Events.verifyKept(before, user.events());
    }
    StaleMounts.clear(data.resolve("instances"));
    Await.until("the killed server's Litestream has ended", () -> !isCopied(data));
  }

  /** Whether a Litestream has a configuration of this folder. */
  private static boolean isCopied(Path where) {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().arguments().stream())
        .anyMatch(arguments -> String.join(" ", arguments).contains(where + "/backup/litestream"));
  }

  private boolean areAllContentsSent() {
    try {
      return contentsOf(folder.resolve("s3/buckets/contents")).containsAll(contentsOf(data));
    } catch (UncheckedIOException moving) {
      return false;
    }
  }

  /** The hashes of the blobs below a folder. */
  private static Set<String> contentsOf(Path where) {
    try (var files = Files.walk(where)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{64}"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bucket is a folder of this S3 server. */
  private void awaitCopied(String name) {
    Await.until(
        "a copy of " + name,
        () -> {
          try (var files = Files.walk(folder.resolve("s3/buckets/backup"))) {
            return files.anyMatch(file -> file.toString().contains(name + "/generations"));
          } catch (IOException | UncheckedIOException moving) {
            return false;
          }
        });
  }

  @Test
  void aFolderThatIsNotEmptyIsRefusedAndKept() throws Exception {
    Files.createDirectory(restored);
    Files.writeString(restored.resolve("mine.txt"), "mine");

    restore().expectOneSentence("is not empty");

    assertThat(restored.resolve("mine.txt")).hasContent("mine");
    try (var inside = Files.list(restored)) {
      assertThat(inside).hasSize(1);
    }
  }

  @Test
  void aBucketWithoutABackupIsNamedAndTheFolderOfThatRestoreIsNoServers() {
    restore().expectOneSentence("backup", "backup.prefix");
    ProgramRun.of("up", "--port", "0", "--data", restored.toString())
        .expectOneSentence("is not finished", "concert restore --into");
    restore().expectOneSentence("backup", "backup.prefix");
  }

  @Test
  void withoutTheBucketTheServerServesAndItsHealthSaysSo() throws Exception {
    bucket.stop();
    try (ServerProcess server = server(data);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient user = TestClient.echo(client);
      assertThat(user.run("hello").path("finalText").asText()).isEqualTo("hello");
      assertThat(health(server).path("status").asText()).isEqualTo("degraded");

      bucket.start();

      Await.until("the backup runs", () -> health(server).path("status").asText().equals("ok"));
    }
  }
}
