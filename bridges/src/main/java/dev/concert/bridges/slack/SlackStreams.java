package dev.concert.bridges.slack;

import dev.concert.bridges.platform.StreamRefusals;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The streams that this process has begun, and where Slack wants none. What a stream has said is
 * known to the process that says it: after a crash, or a call that was cut, nobody knows, and the
 * message is changed as a whole. On one context.
 */
final class SlackStreams {
  /** Slack ends a stream five minutes after it began; what is older is forgotten. */
  private static final int MAX_OPEN = 4096;

  private final StreamRefusals refusals;
  private final Map<String, Begun> open =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Begun> eldest) {
          return size() > MAX_OPEN;
        }
      };

  /**
   * A stream.
   *
   * @param said so far, in Markdown
   * @param doing what it says that the agent does now; empty for nothing
   */
  record Begun(String said, String doing) {}

  SlackStreams(InstantSource clock) {
    this.refusals = new StreamRefusals(clock);
  }

  /** Slack has taken so much of a stream. */
  void put(String connectionId, String ts, Begun begun) {
    open.put(connectionId + " " + ts, begun);
  }

  /** What Slack has of a stream. It is unknown from now on, until it is put again. */
  Optional<Begun> take(String connectionId, String ts) {
    return Optional.ofNullable(open.remove(connectionId + " " + ts));
  }

  /** Where Slack takes no stream. */
  StreamRefusals refusals() {
    return refusals;
  }
}
