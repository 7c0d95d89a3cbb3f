package dev.concert.foundation.sqlite;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/** Tells a disk that is full or fails from a defect of the program. */
public final class DiskFailure {
  private static final Logger LOG = LoggerFactory.getLogger(DiskFailure.class);
  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final Set<Integer> CODES =
      Set.of(
          SQLiteErrorCode.SQLITE_FULL.code,
          SQLiteErrorCode.SQLITE_IOERR.code,
          SQLiteErrorCode.SQLITE_CANTOPEN.code,
          SQLiteErrorCode.SQLITE_READONLY.code);

  private DiskFailure() {}

  /**
   * Turns a failure of the disk into a refusal that may be repeated after {@code 30} s; any other
   * failure stays as it is. For what is stored in one transaction: nothing of it is there.
   *
   * @param code of the refusal
   */
  public static <T> Future<T> refused(Throwable failure, ErrorCode code) {
    if (!isOne(failure)) {
      return Future.failedFuture(failure);
    }
    LOG.warn("A request is refused, since the disk is full or fails: {}", failure.getMessage());
    return Future.failedFuture(
        ConcertException.retryAfter(
            code,
            "The server's disk is full or fails. Nothing of the request is stored.",
            AGAIN.toMillis(),
            failure));
  }

  private static boolean isOne(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(
            cause ->
                cause instanceof SQLException database
                    && CODES.contains(database.getErrorCode() & 0xff));
  }
}
