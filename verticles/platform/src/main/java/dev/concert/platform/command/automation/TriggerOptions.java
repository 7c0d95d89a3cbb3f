package dev.concert.platform.command.automation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.Optional;
import picocli.CommandLine.Option;

/** When an automation is due, as options of a command; at most one kind is given. */
final class TriggerOptions {
  @Option(
      names = "--cron",
      paramLabel = "EXPRESSION",
      description = "Minute, hour, day of month, month and day of week, such as '30 9 * * 1-5'.")
  private Optional<String> cron = Optional.empty();

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "A time that passes in between, such as PT15M or P1D.")
  private Optional<String> every = Optional.empty();

  @Option(names = "--at", paramLabel = "TIME", description = "One time, such as 2026-12-01T09:00.")
  private Optional<String> at = Optional.empty();

  @Option(
      names = "--rrule",
      paramLabel = "RULE",
      description = "A start with a zone and a recurrence rule of RFC 5545.")
  private Optional<String> rrule = Optional.empty();

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "Zone of --cron and --at (default: that of this machine).")
  private Optional<String> zone = Optional.empty();

  /** The trigger; empty where none is given. */
  Optional<ObjectNode> trigger() {
    return cron.map(text -> inZone("cron", text))
        .or(() -> every.map(text -> of("interval", text)))
        .or(() -> at.map(text -> inZone("once", text)))
        .or(() -> rrule.map(text -> of("rrule", text)));
  }

  private ObjectNode inZone(String kind, String expression) {
    return of(kind, expression).put("zone", zone.orElseGet(() -> ZoneId.systemDefault().getId()));
  }

  private static ObjectNode of(String kind, String expression) {
    return AutomationApi.body().put("kind", kind).put("expression", expression);
  }
}
