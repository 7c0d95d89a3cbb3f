package dev.concert.gateway.eventlog;

import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.TerminalStream;
import dev.concert.protocol.ServerEvent.TextDelta;
import dev.concert.protocol.ServerEvent.ThinkingProgress;
import dev.concert.protocol.ServerEvent.ToolCallDelta;
import dev.concert.protocol.SessionEvent;
import java.util.Objects;
import java.util.Optional;

/** The four kinds of event that are pieces of one text, and how their pieces join. */
final class MergeableText {
  private MergeableText() {}

  /** The piece of text, if the event is one. */
  static Optional<String> of(ServerEvent event) {
    return switch (event) {
      case TextDelta delta -> Optional.of(delta.text());
      case ThinkingProgress progress -> Optional.of(progress.text());
      case ToolCallDelta delta -> Optional.of(delta.argumentsDelta());
      case TerminalStream stream -> Optional.of(stream.text());
      default -> Optional.empty();
    };
  }

  /** The same event with another text. */
  static ServerEvent with(ServerEvent event, String text) {
    return switch (event) {
      case TextDelta _ -> new TextDelta(text);
      case ThinkingProgress _ -> new ThinkingProgress(text);
      case ToolCallDelta delta -> new ToolCallDelta(delta.toolCallId(), text);
      case TerminalStream stream -> new TerminalStream(stream.toolCallId(), stream.stream(), text);
      default -> throw new IllegalArgumentException("Not mergeable: " + event.getClass());
    };
  }

  /** Whether the second event goes on with the text of the first. */
  static boolean continues(SessionEvent first, SessionEvent second) {
    return second.firstSeq() == first.seq() + 1
        && Objects.equals(first.turnId(), second.turnId())
        && of(first.event()).isPresent()
        && with(first.event(), "").equals(emptied(second.event()));
  }

  private static ServerEvent emptied(ServerEvent event) {
    return of(event).isPresent() ? with(event, "") : event;
  }
}
