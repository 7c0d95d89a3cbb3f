package dev.concert.gateway.billing;

import static dev.concert.gateway.billing.LedgerFixture.call;
import static dev.concert.gateway.billing.LedgerFixture.get;
import static dev.concert.gateway.billing.LedgerFixture.turn;
import static dev.concert.gateway.billing.LedgerFixture.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantLedgerTest {
  @TempDir Path folder;
  private LedgerFixture fixture;
  private TenantLedger ledger;

  @BeforeEach
  void open() {
    fixture =
        new LedgerFixture(
            folder.resolve("billing.db"),
            Clock.fixed(Instant.parse("2026-11-29T00:00:00Z"), ZoneOffset.UTC));
    ledger = fixture.ledger;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aTurnHoldsCreditThatIsChargedAndReleasedAtItsEnd() {
    get(ledger.topUp("k", usd("1"), "u"));
    CreditAccount reserved = get(ledger.reserve(turn("t", "0.4")));
    assertThat(reserved.free()).isEqualByComparingTo("0.6");
    CreditAccount settled = get(ledger.settle(turn("t", "0"), List.of(call(1, "0.123456789012"))));
    assertThat(settled.balance()).isEqualByComparingTo("0.876543210988");
    assertThat(settled.reserved()).isZero();
    assertThat(fixture.entries())
        .extracting(entry -> entry.kind().wireName())
        .containsExactly("top_up", "reserve", "release", "settle");
  }

  @Test
  void aThousandSmallCostsAddUpExactly() {
    get(ledger.topUp("k", usd("0.1"), "u"));
    get(ledger.reserve(turn("t", "0.1")));
    List<TurnCharge> calls = new ArrayList<>();
    for (int id = 1; id <= 1000; id++) {
      calls.add(call(id, "0.0001"));
    }
    assertThat(get(ledger.settle(turn("t", "0"), calls)).balance()).isZero();
  }

  @Test
  void ofTwoTurnsThatWantTheLastCreditAtOnceOneIsRefused() {
    get(ledger.topUp("k", usd("0.5"), "u"));
    Future<?> one = ledger.reserve(turn("one", "0.3"));
    Future<?> two = ledger.reserve(turn("two", "0.3"));
    get(Future.join(one, two).otherwiseEmpty());
    assertThat(List.of(one.succeeded(), two.succeeded())).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void aRefusalSaysWhatIsMissing() {
    get(ledger.topUp("k", usd("0.5"), "u"));
    get(ledger.reserve(turn("one", "0.3")));
    assertThatThrownBy(() -> get(ledger.reserve(turn("two", "0.25"))))
        .isInstanceOfSatisfying(
            ConcertException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.INSUFFICIENT_CREDITS);
              assertThat(refused)
                  .hasMessage(
                      "The credit of this tenant does not suffice: 0.25 USD is needed, and 0.2 USD"
                          + " is free of a balance of 0.5 USD.");
              assertThat(refused.problem().details().lines())
                  .containsExactly(
                      "balance: 0.5", "reserved: 0.3", "needed: 0.25", "currency: USD");
            });
    assertThat(get(ledger.account()).reserved()).isEqualByComparingTo("0.3");
  }

  @Test
  void anExtensionAskedForTwiceIsGrantedOnce() {
    get(ledger.topUp("k", usd("1"), "u"));
    get(ledger.reserve(turn("t", "0.1")));
    get(ledger.extend("t", usd("0.3")));
    get(ledger.extend("t", usd("0.3")));
    get(ledger.extend("t", usd("0.2")));
    assertThat(get(ledger.account()).reserved()).isEqualByComparingTo("0.3");
    assertThatThrownBy(() -> get(ledger.extend("t", usd("1.1"))))
        .hasMessageContaining("0.8 USD is needed, and 0.7 USD is free");
  }

  @Test
  void aTurnThatIsSettledIsNotExtended() {
    get(ledger.topUp("k", usd("1"), "u"));
    get(ledger.reserve(turn("t", "0.1")));
    get(ledger.settle(turn("t", "0"), List.of()));
    assertThatThrownBy(() -> get(ledger.extend("t", usd("0.3"))))
        .isInstanceOfSatisfying(
            ConcertException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NO_TURN));
  }

  @Test
  void aCallIsChargedOnceHoweverOftenItsTurnIsSettled() {
    get(ledger.topUp("k", usd("1"), "u"));
    get(ledger.reserve(turn("t", "0.1")));
    get(ledger.settle(turn("t", "0"), List.of(call(1, "0.05"))));
    get(ledger.settle(turn("t", "0"), List.of(call(1, "0.05"), call(2, "0.01"))));
    assertThat(get(ledger.account()).balance()).isEqualByComparingTo("0.94");
    assertThat(get(ledger.charges("t"))).hasSize(2);
  }

  @Test
  void aCostBeyondTheBalanceIsOwedAndTheNextTopUpPaysItFirst() {
    get(ledger.topUp("k", usd("1"), "u"));
    get(ledger.reserve(turn("other", "0.4")));
    get(ledger.reserve(turn("t", "0.5")));
    CreditAccount settled = get(ledger.settle(turn("t", "0"), List.of(call(1, "0.75"))));
    assertThat(settled.balance()).isEqualByComparingTo("0.4");
    assertThat(settled.reserved()).isEqualByComparingTo("0.4");
    assertThat(settled.owed()).isEqualByComparingTo("0.15");
    CreditAccount paid = get(ledger.topUp("k2", usd("1"), "u"));
    assertThat(paid.owed()).isZero();
    assertThat(paid.balance()).isEqualByComparingTo("1.25");
  }

  @Test
  void aTopUpWithTheSameKeyCountsOnceAndAnotherAmountIsRefused() {
    get(ledger.topUp("k", usd("1"), "u"));
    get(ledger.topUp("k", usd("1.00"), "u"));
    assertThat(get(ledger.account()).balance()).isEqualByComparingTo("1");
    assertThatThrownBy(() -> get(ledger.topUp("k", usd("2"), "u")))
        .hasMessageContaining("'idempotencyKey' was used for another amount, 1 USD");
  }

  @Test
  void limitsOfATurnADayAndAMonthHold() {
    get(ledger.topUp("k", usd("100"), "u"));
    get(
        ledger.configure(
            true,
            new SpendingLimits(
                Optional.of(usd("1")), Optional.of(usd("2")), Optional.of(usd("2.5")))));
    CreditReservation big = reservation("big", "1.5", "2026-11-27");
    assertThat(get(ledger.reserve(big)).reserved()).isEqualByComparingTo("1");
    assertThatThrownBy(() -> get(ledger.extend("big", usd("1.1"))))
        .hasMessageContaining("at most 1 USD for a turn, of which 0 USD is left, and 0.1 USD");
    get(ledger.settle(big, List.of()));
    settled("2026-11-27", "a", "1");
    settled("2026-11-27", "b", "0.9");
    refused("a day", reservation("c", "0.2", "2026-11-27"));
    refused("a month", reservation("c", "0.7", "2026-11-28"));
    settled("2026-12-01", "d", "1");
  }

  private void settled(String day, String turn, String cost) {
    CreditReservation held = reservation(turn, cost, day);
    get(ledger.reserve(held));
    get(ledger.settle(held, List.of(new TurnCharge(1, "m", usd(cost)))));
  }

  private void refused(String period, CreditReservation turn) {
    BigDecimal before = get(ledger.account()).reserved();
    assertThatThrownBy(() -> get(ledger.reserve(turn)))
        .hasMessageContaining("for " + period)
        .isInstanceOfSatisfying(
            ConcertException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INSUFFICIENT_CREDITS));
    assertThat(get(ledger.account()).reserved()).isEqualByComparingTo(before);
  }

  private static CreditReservation reservation(String id, String amount, String day) {
    return new CreditReservation(
        id, "s", usd(amount), Instant.parse(day + "T12:00:00Z").toEpochMilli());
  }

  @Test
  void theStatementComesInPages() {
    for (int i = 1; i <= 5; i++) {
      get(ledger.topUp("k" + i, usd("1"), "u"));
    }
    List<CreditEntry> page = get(ledger.entries(Long.MAX_VALUE, 2));
    assertThat(page).extracting(CreditEntry::id).containsExactly(5L, 4L);
    assertThat(get(ledger.entries(page.getLast().id(), 10)))
        .extracting(CreditEntry::id)
        .containsExactly(3L, 2L, 1L);
  }
}
