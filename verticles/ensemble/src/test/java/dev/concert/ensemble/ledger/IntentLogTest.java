package dev.concert.ensemble.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down of calls that are not in the table yet. A killed process closes nothing. */
@ExpectedLog(
    logger = "dev.concert.ensemble.ledger.IntentLog",
    message = "Cannot read a call that was recorded before a crash",
    required = false)
class IntentLogTest {
  @TempDir Path folder;

  @Test
  void whatIsNotInTheTableIsLeftToTheNextProcess() {
    IntentLog killed = open();
    LongStream.rangeClosed(1, 5).forEach(id -> assertThat(killed.add(row(id, ""))).isTrue());

    IntentLog next = open();

    assertThat(next.left())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 5).mapToObj(id -> row(id, "")).toList());
    next.forgetLeft();
    assertThat(open().left()).isEmpty();
  }

  @Test
  void aLogThatIsClosedLeavesOnlyWhatIsNotInTheTable() {
    IntentLog all = open();
    all.add(row(1, ""));
    all.inTable(1);
    all.close();
    assertThat(open().left()).isEmpty();

    IntentLog some = open();
    some.add(row(2, ""));
    some.inTable(1);
    some.close();
    assertThat(open().left()).containsExactly(row(2, ""));
  }

  @Test
  void whatTheTableIsTooFarBehindForIsNotTaken() {
    IntentLog log = open();
    long taken = fill(log, 1);
    assertThat(taken).isGreaterThan(1_000);
    assertThat(open().left()).hasSize((int) taken);

    log.inTable(taken - 1);
    assertThat(log.add(row(taken + 1, ""))).as("the last half is not in the table yet").isTrue();
    assertThat(open().left()).extracting(OpenedCallRow::id).contains(taken, taken + 1);
  }

  private static long fill(IntentLog log, long from) {
    long id = from;
    while (log.add(row(id, "x".repeat(200)))) {
      id++;
    }
    return id - 1;
  }

  /** The table follows at random; whenever the process is killed, nothing is missing in both. */
  @Test
  void whateverIsNotInTheTableIsInTheLog() {
    Random random = new Random(7);
    IntentLog log = open();
    List<Long> waiting = new ArrayList<>();
    long id = 0;
    for (int step = 0; step < 30_000; step++) {
      if (log.add(row(id + 1, "y".repeat(random.nextInt(250))))) {
        id++;
        waiting.add(id);
      }
      if (!waiting.isEmpty() && random.nextInt(1_500) == 0) {
        int written = random.nextInt(waiting.size());
        log.inTable(waiting.get(written));
        waiting.subList(0, written + 1).clear();
      }
      if (step % 3_000 == 0) {
        List<Long> left = open().left().stream().map(OpenedCallRow::id).toList();
        assertThat(left).containsAll(waiting).doesNotHaveDuplicates();
      }
    }
    assertThat(id).isGreaterThan(5_000);
  }

  @Test
  void aRecordThatIsCutIsNone() throws IOException {
    IntentLog log = open();
    log.add(row(1, ""));
    Path file = folder.resolve("intents");
    byte[] bytes = Files.readAllBytes(file);
    // A length that leads behind the end, in the place of the next record's.
    int next = 4 + (bytes[0] & 0xff) + ((bytes[1] & 0xff) << 8);
    bytes[next + 3] = 0x7f;
    Files.write(file, bytes);

    assertThat(open().left()).containsExactly(row(1, ""));
  }

  /**
   * As after the death of the machine: the first record is there, of the second only its length.
   */
  @Test
  void whatIsBehindARecordThatCannotBeReadIsLostAndNothingElse() throws IOException {
    IntentLog log = open();
    LongStream.rangeClosed(1, 3).forEach(id -> log.add(row(id, "")));
    Path file = folder.resolve("intents");
    byte[] bytes = Files.readAllBytes(file);
    int second = 4 + (bytes[0] & 0xff) + ((bytes[1] & 0xff) << 8);
    Arrays.fill(bytes, second + 4, second + 40, (byte) 0);
    Files.write(file, bytes);

    assertThat(open().left()).containsExactly(row(1, ""));
  }

  private IntentLog open() {
    return IntentLog.open(folder.resolve("intents"));
  }

  private static OpenedCallRow row(long id, String session) {
    return new OpenedCallRow(
        id,
        "r-" + id,
        "key_1",
        "cus_1",
        session,
        "chat",
        "m",
        "p",
        "e",
        10,
        20,
        "0.001",
        5,
        "t-1",
        List.of(),
        "only_endpoint");
  }
}
