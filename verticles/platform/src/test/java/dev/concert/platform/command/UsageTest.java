package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command line says without doing anything. */
class UsageTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesEveryCommandAndWhatTurnUses() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString())
        .contains("turn", "sync", "up", "doctor", "concert test", "CONCERT_URL");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "turn, --session --agent --model --yes --json --data",
    "sync, DIR --session --on-conflict --once --status --allow-deletions merge CONCERT_URL",
    "up, --host --port --data --config 127.0.0.1 8080",
    "doctor, fix",
    "chronicle, verify gc stats",
    "chronicle verify, --data CHRONICLE_S3_BUCKET",
    "chronicle gc, --data --keep --grace-hours last:N",
    "chronicle stats, --data",
    "key create, NAME --rpm --tpm --model --budget --per --customer",
    "session, messages rename archive delete rewind fork share shares unshare",
    "sessions, --archived --json --continue",
    "models, --model",
    "chat, --continue --session --model",
    "session rewind, SESSION MESSAGE",
    "session fork, SESSION --message --name",
    "session share, SESSION --hours",
    "key list, --data --keys",
    "key revoke, KEY --data"
  })
  void everyCommandExplainsItself(String command, String words) {
    assertThat(run((command + " --help").split(" "))).isZero();

    assertThat(out.toString()).contains(words.split(" "));
  }

  @Test
  void theVersionIsTold() {
    assertThat(run("--version")).isZero();

    assertThat(out.toString()).startsWith("concert ").contains("Java 25");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xyzzy",
        "turn",
        "turn --continue --session a b",
        "turn --dir . --no-dir x",
        "turn --apply perhaps x",
        "turn --session",
        "sync",
        "sync .",
        "sync . --session",
        "sync . --session s --on-conflict guess",
        "sync . --session s --quiet-time 0",
        "sync . extra --session s",
        "up --port eighty",
        "up --port 70000",
        "up --port -1",
        "up extra",
        "doctor extra",
        "--nonsense"
      })
  void wrongUsageIsToldAndEndsWithTwo(String arguments) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .containsPattern("`concert.* --help` shows the usage")
        .doesNotContain("Exception");
    assertThat(err.toString().lines()).hasSizeLessThan(6);
  }

  @ParameterizedTest
  @CsvSource({
    "trun make it so, concert turn",
    "sesions, concert sessions",
    "automation list, concert automations",
    "turn --sesion s x, --session"
  })
  void aWordThatIsNearlyRightIsAnsweredByTheRightOne(String arguments, String right) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);

    assertThat(err.toString()).contains(right);
  }

  @ParameterizedTest
  @CsvSource({
    "help, Runs AI coding agents",
    "help turn, Gives an agent a task",
    "version, Java 25"
  })
  void helpAndVersionAreCommandsToo(String arguments, String answer) {
    assertThat(run(arguments.split(" "))).isZero();

    assertThat(out.toString()).contains(answer);
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\n"})
  void aTurnWithoutATextIsWrongUsage(String text) {
    assertThat(run("turn", text)).isEqualTo(2);

    assertThat(err.toString()).contains("TEXT is empty");
  }

  private int run(String... arguments) {
    CommandLine program = Main.commandLine();
    program.setOut(new PrintWriter(out, true));
    program.setErr(new PrintWriter(err, true));
    return program.execute(arguments);
  }
}
