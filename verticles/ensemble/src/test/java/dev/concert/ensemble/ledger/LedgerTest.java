package dev.concert.ensemble.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.budget.Period;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.ensemble.usage.CallEstimate;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final ServedModel MODEL =
      Upstream.model(Duration.ofSeconds(1), Duration.ofSeconds(5));
  private static final Caller KEY = new Caller.IssuedKey("key_1", "cus_1");
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    RunningEnsemble.await(vertx.close());
  }

  @Test
  void aCallIsOpenWithItsEstimateUntilItIsSettled() {
    Ledger ledger = open();
    CallLedger.Booked end = RunningEnsemble.await(ledger.open(call("r-1")));

    Await.until(() -> !rows().isEmpty());
    assertThat(rows().getFirst())
        .containsEntry("outcome", "open")
        .containsEntry("key_id", "key_1")
        .containsEntry("customer_id", "cus_1")
        .containsEntry("session_id", "s-1")
        .containsEntry("input_tokens", "100")
        .containsEntry("output_tokens", "50")
        .containsEntry("cost", "0.00105");

    RunningEnsemble.await(end.settle(report(), Optional.empty()));

    assertThat(rows()).hasSize(1);
    assertThat(rows().getFirst())
        .containsEntry("outcome", "end_turn")
        .containsEntry("input_tokens", "60")
        .containsEntry("cached_tokens", "40")
        .containsEntry("cache_write_tokens", "3")
        .containsEntry("output_tokens", "7")
        .containsEntry("cost", "0.000306")
        .containsEntry("attempts", "2")
        .containsEntry("estimated", "0")
        .containsEntry("first_block_ms", Long.toString(NOON.toEpochMilli() + 5));
    close(ledger);
  }

  @Test
  void whatWasOpenWhenTheProcessEndedIsInterruptedAndKeepsItsEstimate() {
    Ledger before = open();
    RunningEnsemble.await(before.open(call("lost")));
    close(before);

    Ledger after = open();
    RunningEnsemble.await(after.open(call("next")));

    Await.until(() -> rows().size() == 2);
    assertThat(rows()).extracting(row -> row.get("outcome")).containsExactly("interrupted", "open");
    assertThat(rows().getFirst()).containsEntry("cost", "0.00105").containsEntry("estimated", "1");
    close(after);
  }

  /** It died before its calls were in the table: what it wrote down of them is all there is. */
  @Test
  void whatWasOnlyWrittenDownWhenTheProcessEndedIsInterruptedOnce() {
    Ledger before = open();
    RunningEnsemble.await(before.open(call("in-table")));
    close(before);
    try (IntentLog left = IntentLog.open(folder.resolve("ledger.db.intents"))) {
      left.add(OpenedRow.of(1, call("in-table")));
      left.add(OpenedRow.of(2, call("lost")));
    }

    Ledger after = open();
    Budgets budgets = after.budgets(Clock.fixed(NOON, ZoneOffset.UTC));

    assertThat(rows())
        .extracting(row -> row.get("request_id"), row -> row.get("outcome"))
        .containsExactly(tuple("in-table", "interrupted"), tuple("lost", "interrupted"));
    assertThat(budgets.spent("key:key_1", Period.TOTAL)).isEqualByComparingTo("0.0021");
    RunningEnsemble.await(after.open(call("next")));
    Await.until(() -> rows().size() == 3);
    assertThat(rows().getLast()).containsEntry("id", "3").containsEntry("request_id", "next");
    close(after);
    close(open());
    assertThat(rows()).hasSize(3);
  }

  @Test
  void whileTheTableCannotBeWrittenCallsAreRefusedAndWhatWasMadeIsWrittenLater() throws Exception {
    Ledger ledger = open();
    CallLedger.Booked made;
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
        Statement statement = other.createStatement()) {
      statement.execute("ALTER TABLE calls RENAME TO away");
      made = RunningEnsemble.await(ledger.open(call("made")));
      // The next ones may be made as well until the table was tried.
      Await.until(() -> isRefused(ledger.open(call("other"))));
      assertThatThrownBy(() -> RunningEnsemble.await(ledger.open(call("refused"))))
          .hasMessageContaining("cannot be written down");
      statement.execute("ALTER TABLE away RENAME TO calls");
    }

    RunningEnsemble.await(made.settle(report(), Optional.empty()));

    assertThat(rows()).filteredOn(row -> row.get("request_id").equals("made")).hasSize(1);
    assertThat(rows().getFirst()).containsEntry("outcome", "end_turn");
    RunningEnsemble.await(ledger.open(call("again")));
    close(ledger);
    assertThat(rows()).extracting(row -> row.get("request_id")).contains("again");
    assertThat(rows()).extracting(row -> row.get("request_id")).doesNotContain("refused");
  }

  private static boolean isRefused(Future<CallLedger.Booked> open) {
    try {
      RunningEnsemble.await(open);
      return false;
    } catch (ConcertException refused) {
      return true;
    }
  }

  @Test
  void budgetsKnowWhatWasSpentBeforeAndWhatACrashCutOff() {
    Ledger before = open();
    RunningEnsemble.await(
        RunningEnsemble.await(before.open(call("settled"))).settle(report(), Optional.empty()));
    RunningEnsemble.await(before.open(call("lost")));
    close(before);

    Ledger after = open();
    Budgets budgets = after.budgets(Clock.fixed(NOON, ZoneOffset.UTC));

    assertThat(budgets.spent("key:key_1", Period.TOTAL)).isEqualByComparingTo("0.001356");
    assertThat(budgets.spent("customer:cus_1", Period.TOTAL)).isEqualByComparingTo("0.001356");
    close(after);
  }

  @Test
  void manyCallsAtOnceAreAllWrittenEachOnce() {
    Ledger ledger = open();
    List<Future<CallLedger.Booked>> opened = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      opened.add(ledger.open(call("r-" + i)));
    }
    RunningEnsemble.await(Future.all(opened));
    RunningEnsemble.await(
        Future.all(
            opened.stream().map(end -> end.result().settle(report(), Optional.empty())).toList()));

    assertThat(rows())
        .extracting(row -> row.get("request_id"))
        .doesNotHaveDuplicates()
        .hasSize(500);
    assertThat(rows()).allSatisfy(row -> assertThat(row).containsEntry("outcome", "end_turn"));
    close(ledger);
  }

  @Test
  void aSecondProcessIsToldThatTheFileIsTaken() {
    Ledger first = open();

    assertThatThrownBy(this::open).hasMessageContaining("Another Ensemble has the ledger");

    close(first);
    close(open());
  }

  private Ledger open() {
    return RunningEnsemble.await(Ledger.open(vertx, folder.resolve("ledger.db"), new byte[0]));
  }

  private void close(Ledger ledger) {
    RunningEnsemble.await(ledger.close(vertx));
  }

  private List<Map<String, String>> rows() {
    return LedgerRows.of(folder.resolve("ledger.db"));
  }

  private static OpenedCall call(String requestId) {
    return new OpenedCall(
        requestId,
        KEY,
        Optional.of("s-1"),
        "stream",
        MODEL,
        "scripted",
        new CallEstimate(100, 50, 4096),
        NOON);
  }

  private static CallReport report() {
    return new CallReport(
        KEY,
        MODEL,
        "scripted",
        2,
        TokenCount.ofParts(60, 40, 3, 0, 7, 0),
        new CallReport.End.Answered(
            new InferenceResponse(
                "r-1",
                "real",
                "scripted",
                List.of(),
                60,
                7,
                40,
                3,
                0,
                "0.000306",
                FinishReason.END_TURN,
                null,
                null,
                null)),
        new CallReport.Times(NOON, Optional.of(NOON.plusMillis(5)), NOON.plusMillis(9)));
  }
}
