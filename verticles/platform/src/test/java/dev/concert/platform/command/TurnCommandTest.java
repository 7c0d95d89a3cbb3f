package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.RunningPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code concert turn} as a process, on a server that runs. */
class TurnCommandTest {
  private static final String PRIMES =
      "create hello.py that prints the first ten primes and run it";
  private static final Pattern SESSION = Pattern.compile("session ([0-9a-f-]{36})");

  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void aTurnIsShownAndTheNextOneGoesOnWithItsSession() {
    ProgramRun first = turn("--yes", PRIMES).expect(0);

    assertThat(first.err()).isEmpty();
    assertThat(first.out())
        .contains("┌─ terminal", "│ 2\n│ 3\n│ 5\n│ 7\n│ 11\n│ 13\n│ 17\n│ 19\n│ 23\n│ 29\n")
        .contains("▸ write_file", "▸ bash", "? bash asks:", "allowed", "demo model")
        .contains("hello.py", "iteration", "tokens in", "model calls")
        .doesNotContain("\u001b");
    Matcher session = SESSION.matcher(first.out());
    assertThat(session.find()).isTrue();

    ProgramRun second =
        turn("--yes", "--session", session.group(1), "change 10 to 12 in hello.py").expect(0);

    assertThat(hashes(second.out())).hasSize(2).doesNotHaveDuplicates();
  }

  private static List<String> hashes(String out) {
    List<String> hashes = new ArrayList<>();
    Matcher row = Pattern.compile("hello\\.py +\\d+ +\\d+ +([0-9a-f]{12})").matcher(out);
    while (row.find()) {
      hashes.add(row.group(1));
    }
    return hashes;
  }

  @Test
  void asJsonNothingButTheEventsIsPrinted() throws Exception {
    ProgramRun run = turn("--json", "--yes", PRIMES).expect(0);

    ObjectMapper json = new ObjectMapper();
    List<JsonNode> events = new ArrayList<>();
    for (String line : run.outLines()) {
      events.add(json.readTree(line));
    }
    assertThat(run.err()).isEmpty();
    Events.verifyWhole(events, 0);
    assertThat(Events.types(events)).contains("turn_started").endsWith("turn_complete");
  }

  @Test
  void withoutATerminalNobodyAllowsAnything() {
    ProgramRun run = turn(PRIMES).expect(1);

    assertThat(run.out()).contains("refused").doesNotContain("┌─ terminal");
    assertThat(run.err()).containsOnlyOnce("--yes").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"!fail on purpose", "!crash"})
  void aTurnThatFailsEndsWithOne(String text) {
    ProgramRun run = turn("--agent", "echo", text).expect(1);

    assertThat(run.out()).contains("✗");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aFailedTurnAsJsonEndsWithOneAndItsEvent() {
    ProgramRun run = turn("--json", "--agent", "echo", "!crash").expect(1);

    assertThat(run.outLines().getLast()).contains("\"turn_error\"");
  }

  @Test
  void wordsWithoutQuotesAreOneTask() {
    assertThat(turn("--agent", "echo", "hello", "out", "there").expect(0).out())
        .contains("hello out there");
  }

  @Test
  void theLatestSessionIsContinuedFoundByNamePutAwayAndDeleted() {
    turn("--agent", "echo", "!write latest.txt yes").expect(0);
    ProgramRun next = turn("--continue", "!read latest.txt").expect(0);
    assertThat(next.out()).contains("yes");
    Matcher session = SESSION.matcher(next.out());
    assertThat(session.find()).isTrue();
    String id = session.group(1);

    assertThat(concert("session", "rename", id, "The \u001b[31mred\u001b[0m one").expect(1).err())
        .contains("'name' must be one line");
    concert("session", "rename", id, "The red one").expect(0);
    assertThat(concert("sessions", "RED ONE").expect(0).out()).contains(id, "The red one");
    concert("session", "archive", id).expect(0);
    assertThat(concert("sessions").expect(0).out()).doesNotContain(id);
    assertThat(concert("session", "delete", id).expect(1).err()).contains("--yes");
    assertThat(concert("sessions", "--archived").expect(0).out()).contains(id, "(archived)");
    concert("session", "delete", "--yes", id).expect(0);
    assertThat(concert("sessions", "--archived").expect(0).out()).doesNotContain(id);
  }

  private static ProgramRun concert(String... arguments) {
    return ProgramRun.at(PLATFORM.url(), arguments);
  }

  @Test
  void theModelsAreListedAndAnUnknownOneIsRefusedBeforeItsSessionIsMade() {
    List<String> models = concert("models").expect(0).outLines();
    assertThat(models).filteredOn(line -> line.endsWith("  (default)")).hasSize(1);

    ProgramRun run = turn("--agent", "echo", "--model", "nope", "hello").expect(1);

    run.expectOneSentence("nope", models.getFirst().split(" ")[0]);
    assertThat(run.out()).doesNotContain("session");
  }

  @Test
  void anUnknownAgentIsOneSentence() {
    ProgramRun run = turn("--agent", "nobody", "hello").expect(1);

    run.expectOneSentence("nobody", "echo");
  }

  @Test
  void anUnknownSessionIsOneSentence() {
    ProgramRun run = turn("--session", "00000000-0000-0000-0000-000000000000", "hello").expect(1);

    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("session");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1", "not a url"})
  void aServerThatDoesNotAnswerIsOneSentence(String url) {
    ProgramRun.at(url, "turn", "hello").expectOneSentence(url, "CONCERT_URL");
  }

  private static ProgramRun turn(String... arguments) {
    List<String> all = new ArrayList<>(List.of("turn"));
    all.addAll(List.of(arguments));
    return ProgramRun.at(PLATFORM.url(), all.toArray(String[]::new));
  }
}
