package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.gateway.inference.EnsembleEndpoint;
import dev.concert.gateway.inference.NamingOptions;
import dev.concert.gateway.inference.NamingOptions.Mode;
import dev.concert.testing.Await;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that nobody named gets a name after its first turn. */
class SessionNameTest {
  @TempDir Path data;
  private RunningGateway gateway;
  private FakeInference ensemble;
  private TestClient client;

  /** Reads only new names: they come before or after the end of a turn. */
  private TestClient watcher;

  private String session;

  private void start(Mode mode) {
    NamingOptions naming = new NamingOptions(mode, "fast", new EnsembleEndpoint.OnTheBus());
    gateway = RunningGateway.start(RunningGateway.options(data).withNaming(naming));
    ensemble = new FakeInference(gateway.vertx);
    client = gateway.client();
    session = client.createSession();
    client.join(session);
    watcher = gateway.client();
    watcher.join(session);
  }

  @AfterEach
  void stop() {
    client.close();
    watcher.close();
    gateway.close();
  }

  private void turn(String text) {
    String turn = client.runTurn(session, text);
    while (!client.next("session_state").path("state").asText().equals("running")) {
      // The states before it.
    }
    gateway.podium.complete("agent_" + session, turn, "done");
    client.next("turn_complete");
  }

  private String name() {
    client.send("{'type':'list_sessions'}");
    return client.next("session_list").path("sessions").get(0).path("name").asText();
  }

  private String nextName() {
    JsonNode updated = watcher.next("session_updated").path("session");
    assertThat(updated.path("id").asText()).isEqualTo(session);
    return updated.path("name").asText();
  }

  @Test
  void itsNameIsTheFirstWordsOfTheFirstMessage() {
    start(Mode.MESSAGE);
    turn("create hello.py that prints the first primes");

    assertThat(nextName()).isEqualTo("create hello.py that prints the first…");
    turn("another message");
    assertThat(name()).isEqualTo("create hello.py that prints the first…");
    assertThat(ensemble.asked).isEmpty();
  }

  @Test
  void aModelThatIsConfiguredIsAskedForIt() {
    start(Mode.MODEL);
    ensemble.answer = request -> FakeInference.whole(request, "\"Primes in Python\"");
    turn("create hello.py");

    assertThat(nextName()).isEqualTo("Primes in Python");
    assertThat(ensemble.asked.getFirst().getString("model")).isEqualTo("fast");
    assertThat(ensemble.opened.getFirst().tenantId()).isEqualTo("dev");
    assertThat(name()).isEqualTo("Primes in Python");
  }

  @Test
  void theTurnIsOverBeforeTheModelAnswersAndANameThatAPersonGaveStays() {
    start(Mode.MODEL);
    List<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();
    ensemble.answer = waiting::add;
    turn("create hello.py");
    Await.until("the model is asked", () -> waiting.size() == 1);
    turn("the next turn runs meanwhile");

    client.send("{'type':'rename_session','sessionId':'" + session + "','name':'Mine'}");
    assertThat(nextName()).isEqualTo("Mine");
    waiting.forEach(request -> FakeInference.whole(request, "Primes in Python"));
    Await.until("the call is over", () -> ensemble.closed.size() == waiting.size());

    assertThat(name()).isEqualTo("Mine");
  }

  @Test
  void aModelThatFailsChangesNothingAndTellsNobody() {
    start(Mode.MODEL);
    ensemble.answer = request -> request.response().setStatusCode(500).end();
    turn("create hello.py");
    Await.until("the call is over", () -> ensemble.closed.size() == 1);

    assertThat(name()).isEqualTo("New session");
    assertThat(client.everything()).doesNotContain("session_updated", "\"error\"");
  }

  @Test
  void aSessionThatWasCreatedWithANameKeepsIt() {
    start(Mode.MESSAGE);
    client.send("{'type':'create_session','agentType':'echo','name':'Mine'}");
    session = client.next("session_created").path("session").path("id").asText();
    client.join(session);
    turn("create hello.py");

    assertThat(name()).isEqualTo("Mine");
  }

  @Test
  void itCanBeSwitchedOff() {
    start(Mode.OFF);
    turn("create hello.py");

    assertThat(name()).isEqualTo("New session");
    assertThat(ensemble.asked).isEmpty();
  }
}
