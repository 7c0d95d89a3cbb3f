package dev.concert.gateway.projection;

import dev.concert.protocol.SessionEvent;
import java.util.Optional;
import java.util.function.Function;

/**
 * The events of one session as one reader gets them, in order. Where the reader's protocol does not
 * have an event, the next one that it has begins with that event's number ({@code firstSeq}), so
 * that the reader sees no hole. Not thread-safe.
 */
public final class ProjectedStream {
  private final EventProjection projection;
  private long coveredSeq;

  /**
   * @param afterSeq number of the last event that the reader has
   */
  public ProjectedStream(EventProjection projection, long afterSeq) {
    this.projection = projection;
    this.coveredSeq = afterSeq;
  }

  /** The next event; empty when the protocol does not have it. */
  public Optional<String> next(SessionEvent event) {
    return next(event, one -> one.project(event));
  }

  /**
   * The next event, which other readers get as well.
   *
   * @param shared the event in a protocol, made once for all readers
   */
  public Optional<String> next(
      SessionEvent event, Function<EventProjection, Optional<String>> shared) {
    Optional<String> shown =
        event.firstSeq() <= coveredSeq + 1
            ? shared.apply(projection)
            : projection.project(event.from(coveredSeq + 1));
    if (shown.isPresent()) {
      coveredSeq = event.seq();
    }
    return shown;
  }

  /** The reader has this event in another form. */
  public void cover(SessionEvent event) {
    coveredSeq = event.seq();
  }
}
