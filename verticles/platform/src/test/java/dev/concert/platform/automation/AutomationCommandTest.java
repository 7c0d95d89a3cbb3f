package dev.concert.platform.automation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.testing.Await;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code concert automations} and {@code concert inbox} against a server that runs. */
class AutomationCommandTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private static ProgramRun concert(String... arguments) {
    return ProgramRun.at(PLATFORM.url(), arguments);
  }

  @Test
  void anAutomationIsAddedRunExplainedAndItsResultIsInTheInbox() {
    List<String> added =
        concert(
                "automations",
                "add",
                "good morning",
                "--agent",
                "echo",
                "--cron",
                "30 9 * * 1-5",
                "--zone",
                "Asia/Tokyo")
            .expect(0)
            .outLines();
    assertThat(added.getFirst()).contains("09:30", "Asia/Tokyo");
    assertThat(added.subList(1, 6)).allMatch(line -> line.endsWith("T09:30:00+09:00"));
    String id = added.get(6).substring("automation ".length());

    String run = concert("automations", "run", id).expect(0).out().strip();
    assertThat(run).startsWith("run_");
    AutomationCalls calls = new AutomationCalls(PLATFORM.url());
    calls.awaitEnd(id, run);

    assertThat(concert("automations", "history", id).expect(0).out()).contains("succeeded");
    assertThat(concert("automations", "why", id, "2020-01-01T00:00Z").expect(0).out())
        .contains("created later");
    String item = calls.item(run).getString("itemId");
    assertThat(concert("inbox", "list").expect(0).out()).contains(item, "good morning");
    concert("inbox", "reply", item, "and more").expect(0);
    Await.until("done", () -> calls.item(run).getString("state").equals("done"));
  }

  @Test
  void whatIsWrongIsOneSentence() {
    concert("automations", "preview", "--cron", "every day").expectOneSentence("five fields");
    concert("automations", "show", "auto_none").expectOneSentence("no automation");
    concert("automations", "preview").expectOneSentence("--cron");
    concert("inbox", "snooze", "item_none", "soon").expectOneSentence("PT4H");
  }
}
