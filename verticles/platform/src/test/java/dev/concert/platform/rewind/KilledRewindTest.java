package dev.concert.platform.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.MortalServer;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9} while a session goes back, or is forked. */
class KilledRewindTest {
  /** So many that a restore takes a while. */
  private static final int FILES = 300;

  @RegisterExtension static final MortalServer SERVER = new MortalServer();

  /** When the server dies. */
  enum Moment {
    AT_ONCE,
    WHEN_IT_IS_CERTAIN,
    WHEN_THE_FIRST_FILE_IS_BACK,
    WHEN_THE_LAST_FILE_IS_BACK,
    WHEN_IT_IS_ANSWERED;

    private boolean hasCome(Path data, String session, ProtocolClient client) {
      return switch (this) {
        case AT_ONCE -> true;
        case WHEN_IT_IS_CERTAIN -> isIntended(data) || isAnswered(client);
        case WHEN_THE_FIRST_FILE_IS_BACK -> isBack(data, session, 1) || isAnswered(client);
        case WHEN_THE_LAST_FILE_IS_BACK -> isBack(data, session, FILES) || isAnswered(client);
        case WHEN_IT_IS_ANSWERED -> isAnswered(client);
      };
    }
  }

  private static void killAndStart() {
    SERVER.kill();
    SERVER.startAgain();
  }

  private static boolean isAnswered(ProtocolClient client) {
    return client.transcript().all().stream().anyMatch(ProtocolClient.ofType("session.rewound"));
  }

  private static boolean isBack(Path data, String session, int file) {
    Path path = data.resolve("instances/agent_" + session + "/chronicle/tree/f" + file);
    try {
      return Files.readString(path).equals("one");
    } catch (java.io.IOException e) {
      return false;
    }
  }

  private static boolean isIntended(Path data) {
    Path registries = data.resolve("tenants");
    try (var tenants = Files.list(registries)) {
      return tenants.anyMatch(tenant -> hasIntent(tenant.resolve("registry.db")));
    } catch (java.io.IOException e) {
      return false;
    }
  }

  private static boolean hasIntent(Path registry) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + registry);
        var rows = connection.createStatement().executeQuery("SELECT 1 FROM rewinds")) {
      return rows.next();
    } catch (SQLException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSessionIsAsBeforeOrAllTheWayBack(Moment moment) {
    String session;
    FileTree one;
    FileTree two;
    JsonNode history;
    boolean answered;
    try (ProtocolClient client = ProtocolClient.connect(SERVER.url())) {
      TestClient user = TestClient.echo(client);
      session = user.sessionId();
      user.run("!run for i in $(seq " + FILES + "); do printf one > f$i; done");
      one = FileTree.of(SERVER.data(), session);
      user.run("!run for i in $(seq " + FILES + "); do printf two > f$i; done; printf x > new");
      two = FileTree.of(SERVER.data(), session);
      history = user.ask("get_history").path("messages");
      user.send("rewind_session", Map.of("messageId", history.path(2).path("messageId").asText()));
      Await.until(() -> moment.hasCome(SERVER.data(), session, client));
      answered = isAnswered(client);
      killAndStart();
    }

    try (ProtocolClient client = ProtocolClient.connect(SERVER.url())) {
      TestClient user = TestClient.join(client, session, 0);
      JsonNode now = user.ask("get_history").path("messages");
      FileTree files = FileTree.of(SERVER.data(), session);
      if (now.size() == 2) {
        assertThat(files).isEqualTo(one);
      } else {
        assertThat(answered).as("what was answered stays").isFalse();
        assertThat(now).isEqualTo(history);
        assertThat(files).isEqualTo(two);
      }
      assertThat(user.run("!read f1").path("finalText").asText()).isIn("one", "two");
      assertThat(isIntended(SERVER.data())).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Moment.class,
      names = {"AT_ONCE", "WHEN_THE_FIRST_FILE_IS_BACK"})
  void aForkIsWholeOrNothingOfItIsLeft(Moment moment) {
    String session;
    Set<String> known;
    Set<String> others;
    try (ProtocolClient client = ProtocolClient.connect(SERVER.url())) {
      TestClient user = TestClient.echo(client);
      session = user.sessionId();
      user.run("!run for i in $(seq " + FILES + "); do printf one > f$i; done");
      known = instances();
      others = listed(client);
      user.send("fork_session", Map.of());
      if (moment == Moment.WHEN_THE_FIRST_FILE_IS_BACK) {
        Await.until(() -> instances().size() > known.size());
      }
      killAndStart();
    }

    try (ProtocolClient client = ProtocolClient.connect(SERVER.url())) {
      Set<String> listed = listed(client);
      for (String instance : listed) {
        if (!others.contains(instance)) {
          String id = instance.substring("agent_".length());
          assertThat(FileTree.of(SERVER.data(), id)).isEqualTo(FileTree.of(SERVER.data(), session));
        }
      }
      Await.until("what is left of the fork goes", () -> listed.containsAll(instances()));
      TestClient user = TestClient.join(client, session, 0);
      assertThat(user.run("!read f1").path("finalText").asText()).isEqualTo("one");
    }
  }

  private static Set<String> listed(ProtocolClient client) {
    JsonNode sessions = client.ask("list_sessions", Map.of()).path("sessions");
    return StreamSupport.stream(sessions.spliterator(), false)
        .map(one -> "agent_" + one.path("id").asText())
        .collect(Collectors.toSet());
  }

  private static Set<String> instances() {
    try (var folders = Files.list(SERVER.data().resolve("instances"))) {
      Set<String> names = new HashSet<>();
      folders.filter(Files::isDirectory).forEach(one -> names.add(one.getFileName().toString()));
      return names;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
