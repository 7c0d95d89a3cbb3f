package dev.concert.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** How often a user may call a route. */
class RateLimitsTest {
  private static final Identity ANNA = Identity.of("anna", "a@example.com", "t", Role.OWNER);
  private static final Identity BEN = Identity.of("ben", "b@example.com", "t", Role.OWNER);
  private static final Identity OTHER = Identity.of("anna", "a@example.com", "u", Role.OWNER);

  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30);

  private RateLimits limits(int perMinute) {
    return new RateLimits(new RateLimitOptions(perMinute, Map.of("run_turn", 1)), () -> now);
  }

  private static boolean admits(RateLimits limits, Identity who, String operation) {
    return limits.admit(who, operation).refusal().isEmpty();
  }

  @Test
  void eachUserOfEachTenantHasItsOwnRequestsOfEachRoute() {
    RateLimits limits = limits(2);

    assertThat(admits(limits, ANNA, "list_sessions")).isTrue();
    assertThat(admits(limits, ANNA, "list_sessions")).isTrue();
    assertThat(admits(limits, ANNA, "list_sessions")).isFalse();

    assertThat(admits(limits, ANNA, "get_session")).isTrue();
    assertThat(admits(limits, BEN, "list_sessions")).isTrue();
    assertThat(admits(limits, OTHER, "list_sessions")).isTrue();
  }

  @Test
  void aKeyHasRequestsOfItsOwnBesideThoseOfItsOwner() {
    RateLimits limits = limits(1);

    assertThat(admits(limits, ANNA, "list_sessions")).isTrue();
    for (String key : List.of("k1", "k2")) {
      assertThat(limits.admit(ANNA, Optional.of(key), "list_sessions").refusal()).isEmpty();
      assertThat(limits.admit(ANNA, Optional.of(key), "list_sessions").refusal()).isNotEmpty();
    }
  }

  @Test
  void aRouteMayHaveALimitOfItsOwnAndNoneIsNone() {
    RateLimits limits = limits(0);

    assertThat(limits.admit(ANNA, "list_sessions").headers()).isEmpty();
    assertThat(admits(limits, ANNA, "run_turn")).isTrue();
    assertThat(admits(limits, ANNA, "run_turn")).isFalse();
  }

  @Test
  void theHeadersSayWhatIsLeftAndWhenToComeBack() {
    RateLimits limits = limits(2);

    assertThat(limits.admit(ANNA, "list_sessions").headers())
        .containsEntry("RateLimit-Limit", "2")
        .containsEntry("RateLimit-Remaining", "1")
        .containsEntry("RateLimit-Reset", "30");
    limits.admit(ANNA, "list_sessions");
    RateLimits.Decision refused = limits.admit(ANNA, "list_sessions");

    assertThat(refused.headers()).containsEntry("RateLimit-Remaining", "0");
    assertThat(refused.refusal().orElseThrow().retryAfterMs()).isEqualTo(30_000);
    now += TimeUnit.MILLISECONDS.toNanos(refused.refusal().orElseThrow().retryAfterMs());
    assertThat(admits(limits, ANNA, "list_sessions")).isTrue();
  }

  /** Whatever the pauses: in any minute at most twice the limit, and after a minute all of it. */
  @Property(tries = 200)
  void noMinuteHasMoreThanABurstAndWhatComesBack(
      @ForAll @IntRange(min = 1, max = 50) int perMinute,
      @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 5_000) Integer> pauses) {
    RateLimits limits = limits(perMinute);
    long start = now;
    int admitted = 0;
    for (int pause : pauses) {
      now += TimeUnit.MILLISECONDS.toNanos(pause);
      admitted += admits(limits, ANNA, "list_sessions") ? 1 : 0;
      double minutes = (now - start) / (double) TimeUnit.MINUTES.toNanos(1);
      assertThat(admitted).isLessThanOrEqualTo((int) (perMinute + perMinute * minutes) + 1);
    }
    now += TimeUnit.MINUTES.toNanos(1);
    for (int i = 0; i < perMinute; i++) {
      assertThat(admits(limits, ANNA, "list_sessions")).isTrue();
    }
  }

  @Test
  void theConfigurationNamesRoutesByTheirOperation() {
    assertThat(options("{\"perMinute\":10,\"routes\":{\"run_turn\":2}}").of("run_turn"))
        .isEqualTo(2);
    assertThat(options("{}").of("run_turn")).isEqualTo(RateLimitOptions.DEFAULT.perMinute());
    assertThatThrownBy(() -> options("{\"routes\":{\"nothing\":2}}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nothing");
    assertThatThrownBy(() -> options("{\"perSecond\":2}")).isInstanceOf(ConfigException.class);
  }

  private static RateLimitOptions options(String json) {
    JsonObject config = new JsonObject().put("rateLimits", new JsonObject(json));
    return RateLimitOptions.from(ConfigReader.of(config, "rateLimits"));
  }
}
