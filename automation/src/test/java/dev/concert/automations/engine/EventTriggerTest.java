package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static dev.concert.automations.engine.SignedEvents.asGitHub;
import static dev.concert.automations.engine.SignedEvents.post;
import static dev.concert.automations.engine.SignedEvents.secret;
import static dev.concert.automations.engine.SignedEvents.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.AutomationTrigger.Kind;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events begin runs, each once. */
class EventTriggerTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final String BODY = "{\"build\":7}";

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static String create(Engine engine, Caller caller, String name, AutomationTrigger when) {
    return engine
        .ask(
            AutomationAddresses.CREATE_AUTOMATION,
            new AutomationMessages.CreateAutomation(
                caller,
                name,
                when,
                new AutomationTask(name, null, null, null, null, null),
                null,
                false))
        .automationId();
  }

  private static AutomationTrigger on(Kind kind, String expression, String source) {
    return new AutomationTrigger(kind, expression, null, source, null);
  }

  @Test
  void aSignedEventIsOneRunHoweverOftenItComes() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = create(engine, ANNE, "on build", on(Kind.WEBHOOK, null, null));
      String secret = secret(engine, id);
      Map<String, String> first = signed(secret, "msg_1", START, BODY);

      assertThat(post(engine, id, first, BODY).status()).isEqualTo(202);
      assertThat(post(engine, id, first, BODY).body()).contains("duplicate");
      Await.until("the run", () -> engine.states(id).equals(List.of("done")));
      assertThat(gateway.begun().getFirst())
          .startsWith("on build\n")
          .contains("\"body\":{\"build\":7}", "not an instruction");
      Map<String, String> push = asGitHub(secret, "d1", "a ``` b");
      assertThat(post(engine, id, push, "a ``` b").status()).isEqualTo(202);
      Await.until("a second run", () -> engine.states(id).equals(List.of("done", "done")));
      assertThat(gateway.begun().get(1)).contains("\"type\":\"push\"", "a \\u0060\\u0060\\u0060 b");
    }
  }

  @Test
  void whatIsNotSignedChangesNothingAndTellsNothing() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = create(engine, ANNE, "on build", on(Kind.WEBHOOK, null, null));
      String old = secret(engine, id);
      String secret = secret(engine, id);
      WebhookReply unknown = post(engine, "auto_x", signed(secret, "m", START, BODY), BODY);
      Instant before = START.minusSeconds(301);

      assertThat(
              List.of(
                  post(engine, id, Map.of(), BODY),
                  post(engine, id, signed(old, "m", START, BODY), BODY),
                  post(engine, id, signed(secret, "m", START, BODY), BODY + " "),
                  post(engine, id, signed(secret, "m", before, BODY), BODY),
                  post(engine, id, asGitHub(old, "m", BODY), BODY)))
          .allMatch(reply -> reply.equals(unknown));
      assertThat(unknown.status()).isEqualTo(401);
      String large = "x".repeat((64 << 10) + 1);
      assertThat(post(engine, id, asGitHub(secret, "m", large), large).status()).isEqualTo(413);
      assertThat(engine.slots(id)).isEmpty();
      String manual = create(engine, ANNE, "by hand", on(Kind.MANUAL, null, null));
      assertThatThrownBy(() -> secret(engine, manual))
          .isInstanceOf(ConcertException.class)
          .hasMessageContaining("has no webhook");
    }
  }

  @Test
  void anEventSurvivesACrashAndSaysWhyItDoesNotRun() {
    String id;
    String secret;
    try (Engine engine = new Engine(data, gateway, START, 1)) {
      gateway.hold();
      id = create(engine, ANNE, "on build", on(Kind.WEBHOOK, null, null));
      secret = secret(engine, id);
      post(engine, id, signed(secret, "m1", START, BODY), BODY);
      Await.until("the first run", () -> gateway.begun().size() == 1);
      // There is room for one run: the second event waits.
      post(engine, id, signed(secret, "m2", START, BODY), BODY);
    }
    gateway.release();
    try (Engine engine = new Engine(data, gateway, START.plusSeconds(2), 1)) {
      Await.until("both", () -> engine.states(id).stream().noneMatch("due"::equals));
      Await.until("the first", () -> engine.states(id).contains("done"));
      engine.ask(
          AutomationAddresses.PAUSE_AUTOMATION, new AutomationMessages.PauseAutomation(ANNE, id));
      WebhookReply paused = post(engine, id, signed(secret, "m3", START, BODY), BODY);
      assertThat(paused.body()).contains("skipped");
      assertThat(engine.slots(id)).extracting(Slot::reason).contains("The automation was paused.");
      assertThat(engine.slots(id)).hasSize(3);
    }
  }

  @Test
  void automationsThatBeginOneAnotherEnd() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String first = create(engine, ANNE, "first", on(Kind.MANUAL, null, null));
      String second = create(engine, ANNE, "second", on(Kind.AUTOMATION, "completed", first));
      create(engine, ANNE, "never", on(Kind.AUTOMATION, "failed", first));
      engine.ask(
          AutomationAddresses.UPDATE_AUTOMATION,
          new AutomationMessages.UpdateAutomation(
              ANNE, first, null, on(Kind.AUTOMATION, null, second), null, null));

      engine.ask(
          AutomationAddresses.RUN_AUTOMATION,
          new AutomationMessages.RunAutomation(ANNE, first, null));

      Await.until("the end", () -> engine.states(first).contains("skipped"));
      assertThat(engine.slots(first).getFirst().reason())
          .isEqualTo("More than 5 automations began one another.");
      assertThat(gateway.begun()).hasSize(6).allMatch(prompt -> !prompt.startsWith("never"));
      Caller bob = new Caller("t1", "bob", false);
      assertThatThrownBy(() -> create(engine, bob, "spy", on(Kind.AUTOMATION, null, first)))
          .hasMessageContaining("no automation of the same owner");
    }
  }

  @Test
  void whatComesIntoTheInboxBeginsTheOwnersAutomationsButNotItsOwn() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String first = create(engine, ANNE, "first", on(Kind.MANUAL, null, null));
      String triage = create(engine, ANNE, "triage", on(Kind.INBOX, "result, failure", null));
      create(engine, ANNE, "notices", on(Kind.INBOX, "notice", null));
      create(engine, new Caller("t1", "bob", false), "bob's", on(Kind.INBOX, null, null));

      engine.ask(
          AutomationAddresses.RUN_AUTOMATION,
          new AutomationMessages.RunAutomation(ANNE, first, "{\"given\":1}"));

      Await.until("triage", () -> engine.states(triage).equals(List.of("done")));
      assertThat(gateway.begun()).hasSize(2);
      assertThat(gateway.begun().getFirst()).contains("{\"given\":1}");
      assertThat(gateway.begun().get(1)).contains("\"title\":\"Done: first\"");
    }
  }
}
