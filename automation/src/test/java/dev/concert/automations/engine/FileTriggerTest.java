package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.AutomationTrigger.Kind;
import dev.concert.bus.AutomationAddresses;
import dev.concert.testing.Await;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changed files begin runs. */
class FileTriggerTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();
  private final List<FileChange> changes = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger asked = new AtomicInteger();

  private FileChanges since(ChangesSince wanted) {
    asked.incrementAndGet();
    synchronized (changes) {
      return new FileChanges(
          changes.stream().filter(one -> one.sequence() > wanted.sequence()).toList(),
          changes.size());
    }
  }

  private void change(String path) {
    synchronized (changes) {
      changes.add(
          new FileChange("agent_s1", changes.size() + 1, path, "modified", 1, 1, "h", 1, null));
    }
  }

  /** Each waiting automation has been looked at twice. */
  private void awaitLooks() {
    int before = asked.get();
    Await.until("two looks", () -> asked.get() >= before + 3);
  }

  private static String create(Engine engine, String glob, String session) {
    return engine
        .ask(
            AutomationAddresses.CREATE_AUTOMATION,
            new AutomationMessages.CreateAutomation(
                ANNE,
                "on files",
                new AutomationTrigger(Kind.FILE, glob, null, "s1", null),
                new AutomationTask("Look at it.", null, null, session, null, null),
                null,
                false))
        .automationId();
  }

  @Test
  void changesThatComeTogetherAreOneRunAndNoneIsLostOrDoubledByARestart() {
    String id;
    try (Engine engine = new Engine(data, gateway, START)) {
      engine.serveChanges(this::since);
      change("src/old.py");
      id = create(engine, "src/**.py", null);
      awaitLooks();
      change("src/a.py");
      change("src/deep/b.py");
      change("readme.md");
      Await.until("one run", () -> engine.states(id).equals(List.of("done")));
      assertThat(gateway.begun().getFirst())
          .contains("src/a.py", "src/deep/b.py")
          .doesNotContain("old.py", "readme.md");
      change("notes.txt");
      awaitLooks();
    }
    change("src/c.py");
    try (Engine engine = new Engine(data, gateway, START.plusSeconds(2))) {
      engine.serveChanges(this::since);
      Await.until("a second run", () -> engine.states(id).equals(List.of("done", "done")));
      awaitLooks();
      assertThat(gateway.begun()).hasSize(2);
      assertThat(gateway.begun().getLast()).contains("src/c.py").doesNotContain("a.py");
    }
  }

  @Test
  void whatIsNoGlobOrNobodysSessionIsRefused() {
    try (Engine engine = new Engine(data, gateway, START)) {
      assertThatThrownBy(() -> create(engine, "src/[", null)).hasMessageContaining("is no glob");
      assertThatThrownBy(() -> create(engine, "**", "s1"))
          .hasMessageContaining("whose files it waits for");
      gateway.remove("anne");
      assertThatThrownBy(() -> create(engine, "**", null)).hasMessageContaining("no member");
    }
    assertThat(new AutomationTrigger(Kind.FILE, null, null, "s1", null).fault()).isPresent();
  }
}
