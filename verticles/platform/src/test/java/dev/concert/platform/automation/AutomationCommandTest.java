package dev.concert.platform.automation;

import static dev.concert.platform.automation.AutomationCalls.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.testing.Await;
import java.util.List;
import java.util.stream.Stream;
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
  void rulesSortTheInboxAndWhatTheyDidIsShownAndTakenBack() {
    List<String> added =
        concert(
                "automations",
                "add",
                "nothing new",
                "--agent",
                "echo",
                "--on-chat",
                "deploy,release",
                "--channel",
                "C1")
            .expect(0)
            .outLines();
    String id = added.getLast().substring("automation ".length());
    AutomationCalls calls = new AutomationCalls(PLATFORM.url());
    assertThat(calls.get("/api/automations/" + id).getJsonObject("trigger").encode())
        .contains("\"words\":[\"deploy\",\"release\"]", "\"channel\":\"C1\"");
    concert("inbox", "rules", "add", "Noise").expectOneSentence("--close");
    String rule =
        concert("inbox", "rules", "add", "Noise", "--word", "nothing new", "--close")
            .expect(0)
            .out()
            .split(" ")[0];
    assertThat(concert("inbox", "rules", "list").expect(0).out()).contains(rule, "nothing new");

    String run = concert("automations", "run", id).expect(0).out().strip();
    calls.awaitEnd(id, run);
    String item = calls.item(run).getString("itemId");
    assertThat(calls.item(run).getString("state")).isEqualTo("done");
    assertThat(concert("inbox", "history", item).expect(0).out()).contains("rule Noise  close");
    assertThat(concert("inbox", "undo", item).expect(0).out()).contains("new");
    assertThat(concert("inbox", "history", item).expect(0).out()).contains("(taken back)");
    assertThat(concert("inbox", "rules", "decisions", rule).expect(0).out())
        .contains(item, "close", "nothing new", "(taken back)");
    concert("inbox", "rules", "delete", rule).expect(0);
    assertThat(concert("inbox", "rules", "list").expect(0).out()).doesNotContain(rule);
  }

  @Test
  void aRuleIsChangedSwitchedOffAndOnAgain() {
    String added =
        concert("inbox", "rules", "add", "Loud", "--kind", "result", "--word", "tea", "--close")
            .expect(0)
            .out();
    String rule = added.split(" ")[0];
    assertThat(added).contains("  on  Loud");
    assertThat(concert("inbox", "rules", "edit", rule, "--severity", "info,error").expect(0).out())
        .contains("\"kinds\":[\"result\"]", "\"severities\":[\"info\",\"error\"]", "close");
    assertThat(concert("inbox", "rules", "off", rule).expect(0).out()).contains("  off  Loud");
    AutomationCalls calls = new AutomationCalls(PLATFORM.url());
    String automation = calls.create("Tea", AutomationCalls.manual(), task("tea"), null);
    assertThat(stateAfterRun(calls, automation)).isEqualTo("new");

    assertThat(concert("inbox", "rules", "on", rule).expect(0).out()).contains("  on  Loud");
    assertThat(stateAfterRun(calls, automation)).isEqualTo("done");
    assertThat(
            concert("inbox", "rules", "edit", rule, "--name", "All", "--any", "--snooze", "PT4H")
                .expect(0)
                .out())
        .contains("  on  All  when anything comes", "PT4H");
    assertThat(stateAfterRun(calls, automation)).isEqualTo("snoozed");
    assertThat(concert("inbox", "rules", "decisions", rule).expect(0).outLines())
        .satisfiesExactly(
            newest -> assertThat(newest).contains("snooze", "Tea"),
            before -> assertThat(before).contains("close", "Tea"));
    concert("inbox", "rules", "delete", rule).expect(0);
  }

  private static String stateAfterRun(AutomationCalls calls, String automation) {
    String run = calls.run(automation);
    calls.awaitEnd(automation, run);
    return calls.item(run).getString("state");
  }

  @Test
  void whatIsWrongWithARuleIsOneSentenceThatSaysWhatToDo() {
    concert("inbox", "rules", "add", "Two", "--close", "--merge").expectOneSentence("only one");
    concert("inbox", "rules", "add", "Bad", "--kind", "gossip", "--close")
        .expectOneSentence("'when.kinds'", "result, question, failure, notice");
    concert("inbox", "rules", "add", "Bad", "--agent", "auto_none")
        .expectOneSentence("no automation of yours");
    concert("inbox", "rules", "edit", "rule_none").expectOneSentence("--name", "--word");
    concert("inbox", "rules", "edit", "rule_none", "--word", "x")
        .expectOneSentence("no rule", "List the rules");
  }

  @Test
  void wordsAreReadByAModelAndCreatedWhenTheyAreConfirmed() {
    List<String> words =
        List.of("automations", "add", "--words", "every weekday at 9 say hello", "--zone", "UTC");
    ProgramRun unconfirmed = concert(words.toArray(String[]::new)).expect(1);
    assertThat(unconfirmed.err()).contains("Confirm it with --yes.");
    List<String> shown = unconfirmed.outLines();
    assertThat(shown.getFirst()).isEqualTo("Demo: say hello: say hello");
    assertThat(shown.get(1)).contains("09:00");
    assertThat(shown.subList(2, 7)).allMatch(time -> time.contains("T09:00:00Z"));
    AutomationCalls calls = new AutomationCalls(PLATFORM.url());
    assertThat(calls.get("/api/automations").encode()).doesNotContain("say hello");

    List<String> confirmed =
        Stream.concat(words.stream(), Stream.of("--yes", "--agent", "echo")).toList();
    String added = concert(confirmed.toArray(String[]::new)).expect(0).outLines().getLast();
    String id = added.substring("automation ".length());
    assertThat(calls.get("/api/automations/" + id).getJsonObject("trigger").encode())
        .contains("\"0 9 * * 1-5\"");
    String run =
        concert("automations", "test", id, "--payload", "{\"build\":7}").expect(0).out().strip();
    calls.awaitEnd(id, run);
    assertThat(calls.item(run).getString("body")).contains("say hello", "\"build\":7");
    concert("automations", "test", id, "--payload", "7").expectOneSentence("JSON object");
    concert("automations", "add", "--words", "say hello some day").expectOneSentence("no time");
    concert("automations", "add").expectOneSentence("--words");
  }

  @Test
  void aChannelIsSetTestedAndShownWithWhatIsWrong() {
    assertThat(concert("inbox", "delivery").expect(0).outLines())
        .containsExactly("webhook  off", "email  off", "chat  off", "push  off");
    concert("inbox", "delivery", "set", "chat", "--from", "warning").expect(0);
    concert("inbox", "delivery", "test", "chat").expect(0);
    Await.until(
        "what is wrong",
        () -> {
          String shown = concert("inbox", "delivery").expect(0).out();
          return shown.contains("chat  from warning on  1 failed")
              && shown.contains("The member has no direct chat with the bot");
        });
    concert("inbox", "delivery", "set", "chat", "--from", "off").expect(0);
    concert("inbox", "delivery", "set", "webhook", "--from", "info", "--url", "https://127.0.0.1/")
        .expectOneSentence("not on the public internet");
    concert("inbox", "delivery", "test", "email").expectOneSentence("switch it on first");
  }

  @Test
  void whatIsWrongIsOneSentence() {
    concert("automations", "preview", "--cron", "every day").expectOneSentence("five fields");
    concert("automations", "show", "auto_none").expectOneSentence("no automation");
    concert("automations", "preview").expectOneSentence("--cron");
    concert("inbox", "snooze", "item_none", "soon").expectOneSentence("PT4H");
  }
}
