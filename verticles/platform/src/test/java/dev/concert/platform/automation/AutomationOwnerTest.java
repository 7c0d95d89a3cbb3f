package dev.concert.platform.automation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.TwoNodes;
import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Automations have one owner on two nodes that share a folder and a real Redis. */
class AutomationOwnerTest {
  private static final String ALL = "gateway,coordinator,chronicle,ensemble,bridges,automations";

  @TempDir Path folder;

  @Test
  void anOwnerThatIsPausedIsReplacedAndHasNoSecondEffectWhenItGoesOn() {
    try (RedisServer redis = new RedisServer(folder);
        TwoNodes nodes = TwoNodes.start(folder, "automations", ALL, configuration(redis))) {
      AutomationCalls calls = new AutomationCalls(nodes.url());
      String long1 =
          calls.create("long", AutomationCalls.manual(), AutomationCalls.task("!sleep 3"), null);
      String run = calls.run(long1);
      calls.await(long1, run, one -> "running".equals(one.getString("state")));
      String later = calls.create("later", once(), AutomationCalls.task("good day"), null);

      pause(nodes);
      Await.until("the other node ends what runs", () -> count("run", "state = 'succeeded'") == 2);
      nodes.host().resume();
      Await.until(
          "it stands by",
          () ->
              nodes.host().complaints().contains("This node does not hold 'automations' any more"));

      // The node that comes back joins the cluster again: for that moment nobody may be found.
      calls.awaitEnd(long1, calls.runOnceServed(long1));
      assertThat(calls.slots(later)).hasSize(1);
      assertThat(calls.slots(long1)).hasSize(2);
      assertThat(count("slot", "state = 'done'")).isEqualTo(3);
      assertThat(calls.inbox("all")).hasSize(3);
      assertThat(sessions(calls, "later")).isEqualTo(1);
      assertThat(sessions(calls, "long")).isEqualTo(2);
    }
  }

  private String configuration(RedisServer redis) {
    return """
    automations:
      folder: %s
      lease: {redisUrl: "%s", termMs: 2000}
    """
        .formatted(folder.resolve("shared"), redis.url());
  }

  private static JsonObject once() {
    return new JsonObject()
        .put("kind", "once")
        .put("expression", Instant.now().plusSeconds(5).toString())
        .put("zone", "UTC");
  }

  private static long sessions(AutomationCalls calls, String name) {
    return calls.get("/api/sessions").getJsonArray("sessions").stream()
        .map(JsonObject.class::cast)
        .filter(one -> name.equals(one.getString("name")))
        .count();
  }

  /** One that is paused in the middle of a write keeps the file locked: not that is meant here. */
  private void pause(TwoNodes nodes) {
    Await.until(
        "it is paused outside of a write",
        () -> {
          nodes.host().pause();
          if (databases().stream().allMatch(AutomationOwnerTest::isFree)) {
            return true;
          }
          nodes.host().resume();
          return false;
        });
  }

  private List<Path> databases() {
    try (Stream<Path> files = Files.walk(folder.resolve("shared"))) {
      return files.filter(one -> one.toString().endsWith(".db")).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isFree(Path file) {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = database.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("ROLLBACK");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private int count(String table, String where) {
    Path file =
        databases().stream()
            .filter(one -> one.endsWith("automations.db"))
            .findFirst()
            .orElseThrow();
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT count(*) FROM " + table + " WHERE " + where)) {
      return row.getInt(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
