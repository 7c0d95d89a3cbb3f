package dev.concert.gateway.billing;

import static dev.concert.gateway.billing.LedgerFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.files.FolderRemoval;
import io.vertx.core.Future;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/**
 * Whatever happens at once, and in which order: the balance is never negative and the sums hold.
 */
class TenantLedgerPropertyTest {
  private static final int TURNS = 5;

  /** A change that somebody asks for; most of them race with each other. */
  sealed interface Change {
    record TopUp(int key, BigDecimal amount) implements Change {}

    record Reserve(int turn, BigDecimal amount) implements Change {}

    record Extend(int turn, BigDecimal total) implements Change {}

    record Settle(int turn, List<TurnCharge> calls) implements Change {}
  }

  @Property(tries = 40)
  void theLedgerBalances(@ForAll("changes") @Size(min = 1, max = 40) List<Change> changes)
      throws IOException {
    Path folder = Files.createTempDirectory("ledger");
    try (LedgerFixture fixture = new LedgerFixture(folder.resolve("billing.db"))) {
      List<Future<?>> all = new ArrayList<>();
      changes.forEach(change -> all.add(run(fixture.ledger, change)));
      get(Future.join(all).otherwiseEmpty());
      all.stream().filter(Future::failed).forEach(TenantLedgerPropertyTest::wasRefused);

      CreditAccount account = get(fixture.ledger.account());
      assertSame(account, fixture.replayed());
      assertSame(account, fixture.entries().isEmpty() ? account : last(fixture));
      assertThat(sum(fixture, CreditEntry.Kind.TOP_UP).subtract(chargedIn(fixture)))
          .isEqualByComparingTo(account.balance().subtract(account.owed()));
      assertThat(
              get(fixture.ledger.open()).stream()
                  .map(CreditReservation::amount)
                  .reduce(BigDecimal.ZERO, BigDecimal::add))
          .isEqualByComparingTo(account.reserved());
    } finally {
      FolderRemoval.remove(folder);
    }
  }

  private static CreditAccount last(LedgerFixture fixture) {
    return fixture.entries().getLast().account();
  }

  private static void assertSame(CreditAccount one, CreditAccount other) {
    assertThat(one.balance()).isEqualByComparingTo(other.balance());
    assertThat(one.reserved()).isEqualByComparingTo(other.reserved());
    assertThat(one.owed()).isEqualByComparingTo(other.owed());
  }

  private static void wasRefused(Future<?> failed) {
    assertThat(failed.cause()).isInstanceOf(ConcertException.class);
    assertThat(((ConcertException) failed.cause()).code())
        .isIn(ErrorCode.INSUFFICIENT_CREDITS, ErrorCode.NO_TURN, ErrorCode.INVALID_MESSAGE);
  }

  /** What the calls cost that were charged: each call once. */
  private static BigDecimal chargedIn(LedgerFixture fixture) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int turn = 0; turn < TURNS; turn++) {
      Set<Long> seen = new HashSet<>();
      for (TurnCharge call : get(fixture.ledger.charges("t" + turn))) {
        assertThat(seen.add(call.callId())).isTrue();
        sum = sum.add(call.cost());
      }
    }
    assertThat(sum(fixture, CreditEntry.Kind.SETTLE)).isEqualByComparingTo(sum);
    return sum;
  }

  private static BigDecimal sum(LedgerFixture fixture, CreditEntry.Kind kind) {
    return fixture.entries().stream()
        .filter(entry -> entry.kind() == kind)
        .map(CreditEntry::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Future<?> run(TenantLedger ledger, Change change) {
    return switch (change) {
      case Change.TopUp topUp -> ledger.topUp("k" + topUp.key(), topUp.amount(), "u");
      case Change.Reserve reserve ->
          ledger.reserve(new CreditReservation("t" + reserve.turn(), "s", reserve.amount(), 1));
      case Change.Extend extend -> ledger.extend("t" + extend.turn(), extend.total());
      case Change.Settle settle ->
          ledger.settle(
              new CreditReservation("t" + settle.turn(), "s", BigDecimal.ZERO, 1), settle.calls());
    };
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<BigDecimal> amounts =
        Arbitraries.bigDecimals()
            .between(BigDecimal.ZERO, new BigDecimal("2"))
            .ofScale(12)
            .edgeCases(edges -> edges.add(BigDecimal.ZERO));
    Arbitrary<Integer> turns = Arbitraries.integers().between(0, TURNS - 1);
    Arbitrary<TurnCharge> calls =
        Combinators.combine(Arbitraries.longs().between(1, 6), amounts)
            .as((id, cost) -> new TurnCharge(id, "m", cost));
    return Arbitraries.<Change>oneOf(
            Combinators.combine(Arbitraries.integers().between(0, 9), amounts)
                .as(Change.TopUp::new),
            Combinators.combine(turns, amounts).as(Change.Reserve::new),
            Combinators.combine(turns, amounts).as(Change.Extend::new),
            Combinators.combine(turns, calls.list().ofMaxSize(4)).as(Change.Settle::new))
        .list();
  }
}
