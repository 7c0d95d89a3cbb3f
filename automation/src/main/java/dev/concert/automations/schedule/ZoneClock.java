package dev.concert.automations.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;

/** The instants that local times of a zone mean, also where its clocks are changed. */
record ZoneClock(ZoneId zone) {

  /**
   * The instant of a local time. A time that the clocks leave out is the first instant after the
   * gap; one that they show twice is the earlier of the two.
   */
  Instant instant(LocalDateTime local) {
    ZoneRules rules = zone.getRules();
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    if (offsets.isEmpty()) {
      return rules.getTransition(local).getInstant();
    }
    return local.toInstant(offsets.getFirst());
  }

  LocalDateTime local(Instant instant) {
    return LocalDateTime.ofInstant(instant, zone);
  }

  ZoneOffset offset(Instant instant) {
    return zone.getRules().getOffset(instant);
  }

  /** The next change of the clocks; {@link Instant#MAX} when there is none. */
  Instant nextChange(Instant after) {
    ZoneOffsetTransition next = zone.getRules().nextTransition(after);
    return next == null ? Instant.MAX : next.getInstant();
  }
}
