package dev.concert.gateway.eventlog;

import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.TextMerge;
import java.util.Objects;
import java.util.Optional;

/** Events that are pieces of one text, by the merge rules of {@link ServerProtocol}. */
final class MergeableText {
  private MergeableText() {}

  private static Optional<TextMerge<?>> rule(ServerEvent event) {
    return ServerProtocol.row(event).merge();
  }

  /** The piece of text, if the event is one. */
  static Optional<String> of(ServerEvent event) {
    return rule(event).map(rule -> rule.textOf(event));
  }

  /** The same event with another text. */
  static ServerEvent with(ServerEvent event, String text) {
    return rule(event)
        .orElseThrow(() -> new IllegalArgumentException("Not mergeable: " + event.getClass()))
        .withText(event, text);
  }

  /** Whether the second event continues the text of the first. */
  static boolean continues(SessionEvent first, SessionEvent second) {
    return second.firstSeq() == first.seq() + 1
        && Objects.equals(first.turnId(), second.turnId())
        && first.event().getClass() == second.event().getClass()
        && of(first.event()).isPresent()
        && with(first.event(), "").equals(with(second.event(), ""));
  }
}
