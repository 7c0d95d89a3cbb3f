package dev.concert.ensemble.routing.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.limit.RateLimiter;
import dev.concert.ensemble.routing.affinity.CacheValue;
import dev.concert.ensemble.routing.endpoint.EndpointSelector.Hints;
import dev.concert.ensemble.routing.endpoint.RoutingDecision.Reason;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndpointSelectorTest {
  private static final EndpointCapacity UNLIMITED =
      new EndpointCapacity(RateLimit.NONE, () -> new RateLimiter(() -> 0));

  private final ProviderEndpoint a = endpoint("a");
  private final ProviderEndpoint b = endpoint("b");
  private final ProviderEndpoint c = endpoint("c");
  private final List<ProviderEndpoint> all = List.of(a, b, c);

  private static ProviderEndpoint endpoint(String id) {
    return new ProviderEndpoint(id, "provider", () -> true, () -> 0, UNLIMITED);
  }

  private static EndpointSelector choice(PoolStrategy strategy) {
    return new EndpointSelector(strategy, CacheThresholds.DEFAULT);
  }

  private static Hints cached(String at, String dollars) {
    return new Hints(Optional.of(at), new CacheValue(new BigDecimal(dollars)), Optional.empty());
  }

  private static void busy(ProviderEndpoint endpoint, int calls) {
    IntStream.range(0, calls).forEach(call -> endpoint.begin(0));
  }

  @ParameterizedTest
  @EnumSource(PoolStrategy.class)
  void muchThatIsCachedIsWorthQueueingFor(PoolStrategy strategy) {
    busy(b, 100);

    RoutingDecision decision = choice(strategy).choose(all, cached("b", "0.26")).orElseThrow();

    assertThat(decision.endpoint()).isEqualTo(b);
    assertThat(decision.reason()).isEqualTo(Reason.CACHE_STRONG);
    assertThat(decision.cacheOptimized()).isTrue();
    assertThat(decision.estimatedValue()).isEqualByComparingTo("0.26");
  }

  @ParameterizedTest
  @EnumSource(PoolStrategy.class)
  void someThatIsCachedDecidesUnlessItsEndpointIsMuchBusier(PoolStrategy strategy) {
    busy(b, EndpointSelector.BUSIER - 1);
    assertThat(choice(strategy).choose(all, cached("b", "0.05")).orElseThrow().reason())
        .isEqualTo(Reason.CACHE_MODERATE);

    busy(b, 1);
    RoutingDecision decision = choice(strategy).choose(all, cached("b", "0.25")).orElseThrow();
    assertThat(decision.cacheOptimized()).isFalse();
  }

  @Test
  void littleThatIsCachedDoesNotCount() {
    busy(b, 1);
    assertThat(
            choice(PoolStrategy.LEAST_USED)
                .choose(all, cached("b", "0.04"))
                .orElseThrow()
                .endpoint())
        .isNotEqualTo(b);
  }

  @Test
  void aCacheAtAnEndpointThatIsNotACandidateDoesNotCount() {
    RoutingDecision decision =
        choice(PoolStrategy.LEAST_USED).choose(List.of(a, c), cached("b", "9")).orElseThrow();

    assertThat(decision.cacheOptimized()).isFalse();
    assertThat(decision.estimatedValue()).isZero();
  }

  @Test
  void aSessionStaysWhereItWasWhileThatIsACandidate() {
    Hints hints = new Hints(Optional.empty(), CacheValue.NONE, Optional.of("c"));
    busy(c, 50);

    assertThat(choice(PoolStrategy.SESSION_AFFINITY).choose(all, hints).orElseThrow().endpoint())
        .isEqualTo(c);
    assertThat(
            choice(PoolStrategy.SESSION_AFFINITY)
                .choose(List.of(a, b), hints)
                .orElseThrow()
                .endpoint())
        .isIn(a, b);
  }

  @Test
  void roundRobinGivesEachItsTurn() {
    EndpointSelector choice = choice(PoolStrategy.ROUND_ROBIN);

    assertThat(
            IntStream.range(0, 6)
                .mapToObj(call -> choice.choose(all, Hints.NONE).orElseThrow().endpoint()))
        .containsExactly(a, b, c, a, b, c);
  }

  @Test
  void leastUsedGoesWhereTheFewestCallsAreUnderWayAndSpreadsAmongEquals() {
    EndpointSelector choice = choice(PoolStrategy.LEAST_USED);
    busy(a, 2);
    busy(b, 1);
    busy(c, 3);
    assertThat(choice.choose(all, Hints.NONE).orElseThrow().endpoint()).isEqualTo(b);

    busy(a, 1);
    busy(b, 2);
    assertThat(
            IntStream.range(0, 9)
                .mapToObj(call -> choice.choose(all, Hints.NONE).orElseThrow().endpoint()))
        .contains(a, b, c);
  }

  @Test
  void theOnlyEndpointIsTakenWhateverSpeaksForOthers() {
    RoutingDecision decision =
        choice(PoolStrategy.ROUND_ROBIN).choose(List.of(a), cached("b", "9")).orElseThrow();

    assertThat(decision.endpoint()).isEqualTo(a);
    assertThat(decision.reason()).isEqualTo(Reason.ONLY_ENDPOINT);
    assertThat(decision.estimatedValue()).isZero();
  }

  @Test
  void withoutCandidatesThereIsNoChoice() {
    assertThat(choice(PoolStrategy.LEAST_USED).choose(List.of(), Hints.NONE)).isEmpty();
  }

  @Test
  void thresholdsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(() -> new CacheThresholds(new BigDecimal("0.1"), new BigDecimal("0.2")))
        .hasMessageContaining("0.2")
        .hasMessageContaining("0.1");
  }
}
