package dev.concert.platform.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ServerProcess;
import dev.concert.testing.Await;
import dev.concert.testing.FreePort;
import dev.concert.testing.RedisServer;
import dev.concert.testing.chat.FakeDiscord;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.FakeTelegram;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Two nodes that share a folder of chats and a real Redis: {@code chats} has the bridges only,
 * {@code all} everything.
 */
final class SharedChats implements AutoCloseable {
  private static final String OPEN =
      """
      SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'claimed')
        + (SELECT COUNT(*) FROM outbox WHERE state IN ('pending', 'sending', 'uncertain'))
        + (SELECT COUNT(*) FROM followed_turns WHERE ended = 0)
      """;

  private static final int TERM_MS = 2000;
  private static final int READY_MS = 120_000;

  final FakeSlack slack = new FakeSlack();
  final FakeDiscord discord = new FakeDiscord();
  final FakeTelegram telegram = new FakeTelegram();
  private final Path root;
  private final RedisServer redis;
  private final String cluster = "test-" + UUID.randomUUID();
  private final int[] memberPorts = {FreePort.find(), FreePort.find()};
  private final HttpClient client = HttpClient.newHttpClient();
  ServerProcess chats;
  ServerProcess all;

  SharedChats(Path root) {
    this.root = root;
    this.redis = new RedisServer(root);
  }

  /** The node with the bridges only starts first, and is the owner. */
  void start() {
    chats = start("chats", 0, "bridges");
    all = start("all", 1, "gateway,coordinator,chronicle,ensemble,bridges");
  }

  private ServerProcess start(String node, int index, String roles) {
    JsonObject config =
        new JsonObject()
            .put(
                "cluster",
                new JsonObject()
                    .put("node", node)
                    .put("name", cluster)
                    .put("host", "127.0.0.1")
                    .put("memberPort", memberPorts[index])
                    .put(
                        "members",
                        new JsonArray()
                            .add("127.0.0.1:" + memberPorts[0])
                            .add("127.0.0.1:" + memberPorts[1])))
            .put("coordinator", new JsonObject().put("readyTimeoutMs", READY_MS))
            .put("bridges", bridges());
    try {
      Path file = Files.writeString(root.resolve(node + ".yaml"), config.encode());
      return ServerProcess.start(
          "up", root.resolve(node), Map.of(), "--config", file.toString(), "--roles", roles);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonObject bridges() {
    return new JsonObject()
        .put("agent", "echo")
        .put("folder", root.resolve("shared").toString())
        .put("lease", new JsonObject().put("redisUrl", redis.url()).put("termMs", TERM_MS))
        .put("slack", new JsonObject().put("apiUrl", slack.api().toString()))
        .put("discord", new JsonObject().put("apiUrl", discord.api().toString()))
        .put("telegram", new JsonObject().put("apiUrl", telegram.api().toString()));
  }

  /** Adds a bridge at the node that has the gateway; returns the path of its webhooks. */
  String add(String platform, Map<String, String> secrets) {
    JsonObject wanted =
        new JsonObject()
            .put("platform", platform)
            .put("name", platform)
            .put("secrets", new JsonObject(Map.copyOf(secrets)));
    HttpResponse<String> added = call("POST", "/api/bridges", wanted);
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    return new JsonObject(added.body()).getString("webhookPath");
  }

  String pairingCode() {
    return new JsonObject(call("POST", "/api/chat/pairing-codes", new JsonObject()).body())
        .getString("code");
  }

  HttpResponse<String> call(String method, String where, JsonObject body) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(all.url() + where))
              .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(method + " " + where, e);
    }
  }

  /**
   * Waits until nothing is written any more: a process that is paused in the middle of a
   * transaction would keep the others out of the file.
   */
  void awaitQuiet() {
    Await.until("nothing more to do", () -> open() == 0);
  }

  private int open() {
    try (Stream<Path> files = Files.walk(root.resolve("shared").resolve("tenants"))) {
      Path file =
          files.filter(one -> one.endsWith("chat.db")).findFirst().orElseThrow().toAbsolutePath();
      try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement statement = database.createStatement();
          ResultSet row = statement.executeQuery(OPEN)) {
        return row.getInt(1);
      }
    } catch (IOException | SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      if (all != null) {
        all.close();
      }
    } finally {
      if (chats != null) {
        // A paused process would not end.
        chats.resume();
        chats.close();
      }
      redis.close();
      slack.close();
      discord.close();
      telegram.close();
    }
  }
}
