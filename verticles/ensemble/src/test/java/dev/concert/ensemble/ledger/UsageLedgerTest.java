package dev.concert.ensemble.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.ensemble.usage.CallEstimate;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.SmallDisk;
import dev.concert.testing.log.ExpectedLog;
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

@ExpectedLog(
    logger = "dev.concert.ensemble.ledger.UsageLedger",
    message = "The usage ledger cannot be written",
    required = false)
class UsageLedgerTest {
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
    UsageLedger ledger = open();
    CallLedger.Entry end = RunningEnsemble.await(ledger.open(call("r-1")));

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
    UsageLedger before = open();
    RunningEnsemble.await(before.open(call("lost")));
    close(before);

    UsageLedger after = open();
    RunningEnsemble.await(after.open(call("next")));

    Await.until(() -> rows().size() == 2);
    assertThat(rows()).extracting(row -> row.get("outcome")).containsExactly("interrupted", "open");
    assertThat(rows().getFirst()).containsEntry("cost", "0.00105").containsEntry("estimated", "1");
    close(after);
  }

  /** It died before its calls were in the table: what it wrote down of them is all there is. */
  @Test
  void whatWasOnlyWrittenDownWhenTheProcessEndedIsInterruptedOnce() {
    UsageLedger before = open();
    RunningEnsemble.await(before.open(call("in-table")));
    close(before);
    try (IntentLog left = IntentLog.open(folder.resolve("ledger.db.intents"))) {
      left.add(OpenedCallRow.of(1, call("in-table")));
      left.add(OpenedCallRow.of(2, call("lost")));
    }

    UsageLedger after = open();
    Budgets budgets = after.budgets(Clock.fixed(NOON, ZoneOffset.UTC));

    assertThat(rows())
        .extracting(row -> row.get("request_id"), row -> row.get("outcome"))
        .containsExactly(tuple("in-table", "interrupted"), tuple("lost", "interrupted"));
    assertThat(budgets.spent("key:key_1", BudgetPeriod.TOTAL)).isEqualByComparingTo("0.0021");
    RunningEnsemble.await(after.open(call("next")));
    Await.until(() -> rows().size() == 3);
    assertThat(rows().getLast()).containsEntry("id", "3").containsEntry("request_id", "next");
    close(after);
    close(open());
    assertThat(rows()).hasSize(3);
  }

  @Test
  void whileTheTableCannotBeWrittenCallsAreRefusedAndWhatWasMadeIsWrittenLater() throws Exception {
    UsageLedger ledger = open();
    CallLedger.Entry made;
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
        Statement statement = other.createStatement()) {
      statement.execute("ALTER TABLE calls RENAME TO away");
      made = RunningEnsemble.await(ledger.open(call("made")));
      // The next ones may be made as well until the table was tried.
      Await.until(() -> isRefused(ledger.open(call("other"))));
      assertThatThrownBy(() -> RunningEnsemble.await(ledger.open(call("refused"))))
          .hasMessageContaining("cannot record the call");
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

  @Test
  @RequiresRoot("mounts a small disk")
  @ExpectedLog(
      logger = "dev.concert.ensemble.ledger.UsageLedger",
      message = "until it can: The server's disk is full or fails\\.$")
  @ExpectedLog(logger = "dev.concert.error.DiskFailure", message = "The disk is full or fails")
  void onAFullDiskCallsAreRefusedInOneLineAndServedAgainWhenThereIsRoom() {
    try (SmallDisk disk = SmallDisk.at(folder, 16)) {
      UsageLedger ledger = open();
      RunningEnsemble.await(ledger.open(call("before")));
      disk.fill();
      int number = 0;
      while (!isRefused(ledger.open(call("full-" + number)))) {
        number++;
      }
      disk.makeRoom();
      while (isRefused(ledger.open(call("after-" + number)))) {
        number++;
      }
      close(ledger);
    }
  }

  private static boolean isRefused(Future<CallLedger.Entry> open) {
    try {
      RunningEnsemble.await(open);
      return false;
    } catch (ConcertException refused) {
      return true;
    }
  }

  @Test
  void budgetsKnowWhatWasSpentBeforeAndWhatACrashCutOff() {
    UsageLedger before = open();
    RunningEnsemble.await(
        RunningEnsemble.await(before.open(call("settled"))).settle(report(), Optional.empty()));
    RunningEnsemble.await(before.open(call("lost")));
    close(before);

    UsageLedger after = open();
    Budgets budgets = after.budgets(Clock.fixed(NOON, ZoneOffset.UTC));

    assertThat(budgets.spent("key:key_1", BudgetPeriod.TOTAL)).isEqualByComparingTo("0.001356");
    assertThat(budgets.spent("customer:cus_1", BudgetPeriod.TOTAL))
        .isEqualByComparingTo("0.001356");
    close(after);
  }

  @Test
  void manyCallsAtOnceAreAllWrittenEachOnce() {
    UsageLedger ledger = open();
    List<Future<CallLedger.Entry>> opened = new ArrayList<>();
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
  void aDeletedTenantLeavesItsCostsAndNoIdAlsoOfACallThatIsOpen() {
    UsageLedger ledger = open();
    List<CallLedger.Entry> open = new ArrayList<>();
    for (Caller caller :
        List.of(
            new Caller.Instance("agent_1", "acme"),
            new Caller.Instance("agent_2", "acme"),
            new Caller.Instance("agent_3", "other"),
            new Caller.IssuedKey("key_1", "acme"))) {
      open.add(RunningEnsemble.await(ledger.open(call("r-" + caller.id(), caller))));
    }
    RunningEnsemble.await(open.getFirst().settle(report(), Optional.empty()));
    List<Map<String, String>> before = rows();

    RunningEnsemble.await(ledger.forgetTenant("acme"));
    RunningEnsemble.await(ledger.forgetTenant("acme"));
    RunningEnsemble.await(open.get(1).settle(report(), Optional.empty()));

    assertThat(rows())
        .extracting(row -> row.get("customer_id"))
        .containsExactly("", "", "other", "acme");
    for (Map<String, String> row : rows().subList(0, 2)) {
      assertThat(row)
          .containsEntry("key_id", "instance_")
          .containsEntry("request_id", "")
          .containsEntry("session_id", "")
          .containsEntry("turn_id", "")
          .containsEntry("cost", "0.000306")
          .containsEntry("outcome", "end_turn");
    }
    assertThat(rows().subList(2, 4)).isEqualTo(before.subList(2, 4));
    close(ledger);
  }

  @Test
  void aSecondProcessIsToldThatTheFileIsTaken() {
    UsageLedger first = open();

    assertThatThrownBy(this::open).hasMessageContaining("Another Ensemble uses the ledger");

    close(first);
    close(open());
  }

  private UsageLedger open() {
    return RunningEnsemble.await(UsageLedger.open(vertx, folder.resolve("ledger.db"), new byte[0]));
  }

  private void close(UsageLedger ledger) {
    RunningEnsemble.await(ledger.close(vertx));
  }

  private List<Map<String, String>> rows() {
    return LedgerRows.of(folder.resolve("ledger.db"));
  }

  private static OpenedCall call(String requestId) {
    return call(requestId, KEY, Optional.empty());
  }

  private static OpenedCall call(String requestId, Caller caller) {
    return call(requestId, caller, Optional.of("turn-1"));
  }

  private static OpenedCall call(String requestId, Caller caller, Optional<String> turn) {
    return new OpenedCall(
        requestId,
        caller,
        Optional.of("s-1"),
        turn,
        "stream",
        MODEL,
        "scripted",
        new CallEstimate(100, 50, 4096),
        NOON,
        caller instanceof Caller.IssuedKey key
            ? List.of("key:" + key.keyId(), "customer:" + key.customerId())
            : List.of(),
        "only_endpoint");
  }

  private static CallReport report() {
    return new CallReport(
        KEY,
        MODEL,
        "scripted",
        "only_endpoint",
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
