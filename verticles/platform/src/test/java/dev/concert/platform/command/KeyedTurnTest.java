package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code concert turn} and {@code concert sync} with an API key. */
class KeyedTurnTest {
  @TempDir Path folder;

  @Test
  void theKeyOfTheEnvironmentOrOfAFileSaysWhatTheTurnMayDo() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
      ProgramRun.Setting setting =
          new ProgramRun.Setting(Program.home(), Map.of("CONCERT_URL", server.url()));

      ProgramRun viewer = setting.with("CONCERT_KEY", key(server, "viewer")).run(turn());
      assertThat(viewer.exitCode()).isNotZero();
      assertThat(viewer.err()).contains("threads.create");

      ProgramRun forged = setting.with("CONCERT_KEY", "ck_forged").run(turn());
      assertThat(forged.exitCode()).isNotZero();
      assertThat(forged.err()).contains("The API key is not valid.").doesNotContain("ck_forged");

      ProgramRun developer =
          setting
              .with("CONCERT_KEY", "ck_forged")
              .run(turn("--key-file", keyFile(key(server, "developer"))));
      assertThat(developer.exitCode()).as(developer.err()).isZero();
    }
  }

  @Test
  void aFolderIsSyncedWithTheRightsOfTheKey() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
      ProgramRun.Setting setting =
          new ProgramRun.Setting(
              Program.home(), Map.of("PORT", Integer.toString(URI.create(server.url()).getPort())));
      setting.with("CONCERT_KEY", key(server, "developer")).run(turn()).expect(0);
      String session =
          new JsonObject(get(server, "/api/sessions"))
              .getJsonArray("sessions")
              .getJsonObject(0)
              .getString("id");
      Path mine = Files.createDirectory(folder.resolve("mine"));
      Files.writeString(mine.resolve("notes.txt"), "of the person");
      String[] sync = {
        "sync",
        mine.toString(),
        "--session",
        session,
        "--once",
        "--state",
        folder.resolve("state").toString()
      };

      ProgramRun viewer = setting.with("CONCERT_KEY", key(server, "viewer")).run(sync);
      assertThat(viewer.exitCode()).isNotZero();
      assertThat(viewer.out() + viewer.err()).contains("does not let you sync");

      setting.with("CONCERT_KEY", key(server, "developer")).run(sync).expect(0);
      assertThat(get(server, "/api/sessions/" + session + "/file?path=notes.txt"))
          .isEqualTo("of the person");
    }
  }

  private static String get(ServerProcess server, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private static String[] turn(String... more) {
    String[] all = new String[4 + more.length];
    System.arraycopy(new String[] {"turn", "hello", "--agent", "echo"}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    return all;
  }

  private String keyFile(String key) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), key);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }

  private static String key(ServerProcess server, String role) throws Exception {
    JsonObject wanted = new JsonObject().put("name", role).put("role", role);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return new JsonObject(
              http.send(
                      HttpRequest.newBuilder(URI.create(server.url() + "/api/keys"))
                          .POST(BodyPublishers.ofString(wanted.encode()))
                          .build(),
                      BodyHandlers.ofString())
                  .body())
          .getString("secret");
    }
  }
}
