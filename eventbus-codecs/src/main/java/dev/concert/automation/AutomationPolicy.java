package dev.concert.automation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How runs are treated. Each part may be null; {@link #complete} has the defaults.
 *
 * @param misfire what becomes of times that passed while nothing ran: {@code once} runs the newest,
 *     {@code skip} none, {@code all} the newest {@code maxCatchUp}
 * @param graceSeconds how late a time may be and still count as on time
 * @param concurrency what happens at a time when a run is still open
 * @param maxParallel open runs at once, for {@code parallel}
 * @param timeoutSeconds after which a run is stopped
 * @param retries more attempts of a run that failed
 * @param permissions what a run answers when its agent asks for permission
 * @param allowedTools the tools that {@code allow_list} allows
 * @param approvalTimeoutSeconds how long {@code wait} waits for a person
 * @param budgetPerRun US dollars after which a run is stopped; null for no limit
 * @param budgetPerDay US dollars of all runs of a day, after which none begins; null for no limit
 * @param disableAfterFailures runs in a row that fail, after which the automation is disabled
 * @param jitterSeconds by which the start is moved, always the same for one automation
 */
public record AutomationPolicy(
    Misfire misfire,
    Integer maxCatchUp,
    Integer graceSeconds,
    Concurrency concurrency,
    Integer maxParallel,
    Integer timeoutSeconds,
    Integer retries,
    Permissions permissions,
    List<String> allowedTools,
    Integer approvalTimeoutSeconds,
    BigDecimal budgetPerRun,
    BigDecimal budgetPerDay,
    Integer disableAfterFailures,
    Integer jitterSeconds) {

  /** What becomes of missed times. */
  public enum Misfire {
    ONCE,
    SKIP,
    ALL;

    /** Its name in JSON. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What happens while another run of the automation is open. */
  public enum Concurrency {
    SKIP,
    QUEUE,
    PARALLEL;

    /** Its name in JSON. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is answered to an agent that asks for permission. */
  public enum Permissions {
    DENY,
    ALLOW_LIST,
    WAIT;

    /** Its name in JSON. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All defaults. */
  public static final AutomationPolicy DEFAULT =
      new AutomationPolicy(
          Misfire.ONCE,
          10,
          300,
          Concurrency.SKIP,
          1,
          3600,
          0,
          Permissions.DENY,
          List.of(),
          3600,
          null,
          null,
          3,
          0);

  /** This policy, with the default where it says nothing. */
  public AutomationPolicy complete() {
    return orElse(DEFAULT);
  }

  /** This policy, with the other's value where it says nothing. */
  public AutomationPolicy orElse(AutomationPolicy other) {
    return new AutomationPolicy(
        first(misfire, other.misfire),
        first(maxCatchUp, other.maxCatchUp),
        first(graceSeconds, other.graceSeconds),
        first(concurrency, other.concurrency),
        first(maxParallel, other.maxParallel),
        first(timeoutSeconds, other.timeoutSeconds),
        first(retries, other.retries),
        first(permissions, other.permissions),
        first(allowedTools, other.allowedTools),
        first(approvalTimeoutSeconds, other.approvalTimeoutSeconds),
        first(budgetPerRun, other.budgetPerRun),
        first(budgetPerDay, other.budgetPerDay),
        first(disableAfterFailures, other.disableAfterFailures),
        first(jitterSeconds, other.jitterSeconds));
  }

  private static <T> T first(T one, T other) {
    return one == null ? other : one;
  }

  /** What is wrong, if anything. */
  public Optional<String> fault() {
    return range("maxCatchUp", maxCatchUp, 1, 100)
        .or(() -> range("graceSeconds", graceSeconds, 0, 86_400))
        .or(() -> range("maxParallel", maxParallel, 1, 20))
        .or(() -> range("timeoutSeconds", timeoutSeconds, 10, 86_400))
        .or(() -> range("retries", retries, 0, 5))
        .or(() -> range("approvalTimeoutSeconds", approvalTimeoutSeconds, 10, 7 * 86_400))
        .or(() -> range("disableAfterFailures", disableAfterFailures, 1, 100))
        .or(() -> range("jitterSeconds", jitterSeconds, 0, 3600))
        .or(() -> positive("budgetPerRun", budgetPerRun))
        .or(() -> positive("budgetPerDay", budgetPerDay))
        .or(
            () ->
                allowedTools != null && allowedTools.size() > 100
                    ? Optional.of("'policy.allowedTools' has more than 100 entries")
                    : Optional.empty());
  }

  private static Optional<String> range(String name, Integer value, int min, int max) {
    return value == null || value >= min && value <= max
        ? Optional.empty()
        : Optional.of("'policy.%s' must be from %d to %d".formatted(name, min, max));
  }

  private static Optional<String> positive(String name, BigDecimal value) {
    return value == null || value.signum() > 0 && value.precision() <= 20
        ? Optional.empty()
        : Optional.of("'policy.%s' must be more than 0".formatted(name));
  }
}
