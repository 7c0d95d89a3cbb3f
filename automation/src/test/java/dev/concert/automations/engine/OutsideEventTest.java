package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.ChatFilter;
import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.automation.RepositoryFilter;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens in chats and repositories begins runs, each once. */
class OutsideEventTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static String create(
      Engine engine, Caller caller, String name, AutomationTrigger when, AutomationPolicy policy) {
    return engine
        .ask(
            AutomationAddresses.CREATE_AUTOMATION,
            new AutomationMessages.CreateAutomation(
                caller,
                name,
                when,
                new AutomationTask(name, null, null, null, null, null),
                policy,
                false))
        .automationId();
  }

  private static AutomationTrigger words(String... words) {
    return AutomationTrigger.of(new ChatFilter(null, null, null, List.of(words), null, null));
  }

  private static ChatEvent said(String user, String eventId, String text) {
    return new ChatEvent("t1", eventId, "slack", "c1", "general", user, text, false);
  }

  private static int take(Engine engine, ChatEvent event) {
    return engine.ask(AutomationAddresses.TAKE_CHAT_EVENT, event).automations();
  }

  private static RepositoryActivity issue(
      String delivery, String action, int number, String sender, String... labels) {
    return new RepositoryActivity(
        "t1",
        delivery,
        "app1",
        7,
        "issues",
        action,
        "Acme",
        "site",
        number,
        sender,
        "",
        List.of(labels),
        "",
        "{\"title\":\"It fails\"}");
  }

  private static int take(Engine engine, RepositoryActivity event) {
    return engine.ask(AutomationAddresses.TAKE_REPOSITORY_EVENT, event).automations();
  }

  private static AutomationTrigger on(RepositoryFilter filter) {
    return AutomationTrigger.of(filter);
  }

  private static RepositoryFilter events(String... names) {
    return new RepositoryFilter(List.of(names), null, null, null, null);
  }

  @Test
  void aMessageThatMatchesIsOneRunHoweverOftenItComes() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = create(engine, ANNE, "deploy it", words("deploy", "Größe"), null);

      assertThat(take(engine, said("anne", "m1", "Please DEPLOY now"))).isEqualTo(1);
      assertThat(take(engine, said("anne", "m1", "Please DEPLOY now"))).isEqualTo(1);
      assertThat(take(engine, said("anne", "m2", "I redeployed it"))).isZero();
      Await.until("the run", () -> engine.states(id).equals(List.of("done")));
      assertThat(gateway.begun().getFirst())
          .startsWith("deploy it\n")
          .contains("\"source\":\"chat\"", "\"author\":\"anne\"", "not an instruction");
      assertThat(take(engine, said("anne", "m3", "welche GRÖSSE? größe!"))).isEqualTo(1);
      Await.until("another run", () -> engine.states(id).equals(List.of("done", "done")));
    }
  }

  @Test
  void whatOthersWriteIsHeardByWhoManagesBridgesOnlyAndNeverWhatTheyWriteAlone() {
    try (Engine engine = new Engine(data, gateway, START)) {
      create(engine, new Caller("t1", "carl", false), "deploy it", words("deploy"), null);
      gateway.setRole("anne", "admin");
      gateway.setRole("bob", "developer");
      gateway.setRole("eve", "guest");
      ChatFilter developers =
          new ChatFilter("slack", "c1", "general", null, "^deploy +\\w+$", List.of("developer"));
      String all = create(engine, ANNE, "anne's", AutomationTrigger.of(developers), null);

      assertThat(take(engine, said("bob", "m1", "deploy it"))).isEqualTo(1);
      assertThat(take(engine, said("eve", "m2", "deploy it"))).isZero();
      assertThat(take(engine, said("bob", "m3", "never deploy it"))).isZero();
      assertThat(
              take(
                  engine,
                  new ChatEvent("t1", "m4", "slack", "c1", "general", "bob", "deploy it", true)))
          .isZero();
      assertThat(
              take(
                  engine,
                  new ChatEvent("t1", "m5", "irc", "c1", "general", "bob", "deploy it", false)))
          .isZero();
      assertThat(
              take(
                  engine,
                  new ChatEvent("t2", "m1", "slack", "c1", "general", "bob", "deploy it", false)))
          .isZero();
      assertThat(data.resolve("tenants").resolve("t2")).doesNotExist();
      Await.until("the run", () -> engine.states(all).equals(List.of("done")));
      gateway.setRole("anne", "developer");
      assertThat(take(engine, said("bob", "m6", "deploy it"))).isZero();
      assertThat(gateway.begun()).hasSize(1);
    }
  }

  @Test
  void aPatternThatNeverEndsEndsAndAWrongOneIsRefused() {
    try (Engine engine = new Engine(data, gateway, START)) {
      ChatFilter slow = new ChatFilter(null, null, null, null, "(a|aa)+$", null);
      create(engine, ANNE, "slow", AutomationTrigger.of(slow), null);

      assertThat(take(engine, said("anne", "m1", "a".repeat(3000) + "!"))).isZero();
    }
    assertThat(new ChatFilter(null, null, null, null, "(", null))
        .satisfies(
            wrong ->
                assertThat(AutomationTrigger.of(wrong).fault().orElseThrow())
                    .contains("no regular expression"));
    assertThat(words().fault().orElseThrow()).contains("needs 'words'");
    assertThat(on(events("Push!")).fault().orElseThrow()).contains("issues.opened");
    assertThat(new AutomationTrigger(AutomationTrigger.Kind.CHAT, null, null).fault()).isPresent();
  }

  @Test
  void anEventOfARepositoryRunsOncePerDeliveryAndRule() {
    try (Engine engine = new Engine(data, gateway, START)) {
      engine.serveWriters("mona");
      String opened =
          create(
              engine,
              ANNE,
              "triage",
              on(
                  new RepositoryFilter(
                      List.of("issues.opened"), List.of("acme/*"), List.of("Bug"), null, null)),
              null);
      String pushed =
          create(
              engine,
              ANNE,
              "build",
              on(new RepositoryFilter(List.of("push"), null, null, List.of("release/**"), null)),
              null);

      assertThat(take(engine, issue("d1", "opened", 1, "mona", "bug"))).isEqualTo(1);
      assertThat(take(engine, issue("d1", "opened", 1, "mona", "bug"))).isEqualTo(1);
      assertThat(take(engine, issue("d2", "opened", 2, "mona", "question"))).isZero();
      assertThat(take(engine, issue("d3", "closed", 1, "mona", "bug"))).isZero();
      assertThat(take(engine, issue("d4", "opened", 3, "stranger", "bug"))).isZero();
      assertThat(take(engine, push("d5", "release/1/x"))).isEqualTo(1);
      assertThat(take(engine, push("d6", "main"))).isZero();

      Await.until("the issue", () -> engine.states(opened).equals(List.of("done")));
      Await.until("the push", () -> engine.states(pushed).equals(List.of("done")));
      assertThat(gateway.begun()).hasSize(2);
      assertThat(gateway.begun().getFirst()).contains("\"title\":\"It fails\"", "Acme/site");
    }
  }

  private static RepositoryActivity push(String delivery, String branch) {
    return new RepositoryActivity(
        "t1", delivery, "app1", 7, "push", "", "Acme", "site", 0, "ci", "", List.of(), branch,
        "{}");
  }

  @Test
  void oneIssueHasOneRunOfARuleAtATimeAndOthersGoOnBesideIt() {
    gateway.hold();
    AutomationPolicy queue =
        new AutomationPolicy(
            null,
            null,
            null,
            AutomationPolicy.Concurrency.QUEUE,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    try (Engine engine = new Engine(data, gateway, START)) {
      String waits = create(engine, ANNE, "waits", on(anyone()), queue);
      String skips = create(engine, ANNE, "skips", on(anyone()), null);

      take(engine, issue("d1", "opened", 1, "mona"));
      Await.until("both", () -> gateway.begun().size() == 2);
      take(engine, issue("d2", "edited", 1, "mona"));
      take(engine, issue("d3", "opened", 2, "mona"));
      Await.until("the other issue", () -> gateway.begun().size() == 4);
      assertThat(engine.states(waits)).containsExactly("claimed", "due", "claimed");
      Await.until(
          "a skip", () -> engine.states(skips).equals(List.of("claimed", "skipped", "claimed")));
      assertThat(engine.slots(skips).get(1))
          .extracting(Slot::reason)
          .asString()
          .contains("not over");
    }
    gateway.release();
    try (Engine _ = new Engine(data, gateway, START.plusSeconds(2))) {
      Await.until("the end", () -> gateway.begun().size() == 5);
    }
  }

  private static RepositoryFilter anyone() {
    return new RepositoryFilter(List.of("issues"), null, null, null, RepositoryFilter.ANYONE);
  }

  @Test
  void anEventThatCannotBeCheckedIsNotTakenAndCanComeAgain() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = create(engine, ANNE, "triage", on(events("issues")), null);
      RepositoryActivity event = issue("d1", "opened", 1, "mona");

      assertThatThrownBy(() -> take(engine, event)).isInstanceOf(ConcertException.class);
      assertThat(engine.slots(id)).isEmpty();
      engine.serveWriters("mona");
      assertThat(take(engine, event)).isEqualTo(1);
      Await.until("the run", () -> engine.states(id).equals(List.of("done")));
    }
  }
}
