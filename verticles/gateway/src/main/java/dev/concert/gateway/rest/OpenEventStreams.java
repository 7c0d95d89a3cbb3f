package dev.concert.gateway.rest;

import dev.concert.protocol.Identity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/**
 * The streams of sessions that are open now. A stream ends when its reader's rights change: the
 * reader comes back with {@code Last-Event-ID} and is checked anew. Thread-safe.
 */
public final class OpenEventStreams {
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();

  /** By identity: two streams of one reader are two. */
  private static final class Stream {
    private final Identity reader;
    private final String sessionId;
    private final Runnable end;

    private Stream(Identity reader, String sessionId, Runnable end) {
      this.reader = reader;
      this.sessionId = sessionId;
      this.end = end;
    }
  }

  /**
   * @param end ends the stream; any thread
   * @return to be called when the stream has ended
   */
  Runnable add(Identity reader, String sessionId, Runnable end) {
    Stream stream = new Stream(reader, sessionId, end);
    streams.add(stream);
    return () -> streams.remove(stream);
  }

  /** Ends the streams whose reader and session id fit. */
  public void end(BiPredicate<Identity, String> concerned) {
    streams.stream()
        .filter(stream -> concerned.test(stream.reader, stream.sessionId))
        .forEach(stream -> stream.end.run());
  }
}
