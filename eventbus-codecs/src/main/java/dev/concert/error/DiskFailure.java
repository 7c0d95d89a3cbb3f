package dev.concert.error;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a disk that is full or fails from a defect of the program. Whoever asked can ask again,
 * once an operator has made room.
 */
public final class DiskFailure {
  private static final Logger LOG = LoggerFactory.getLogger(DiskFailure.class);

  /** What SQLite calls READONLY, IOERR, FULL and CANTOPEN. */
  private static final Set<Integer> SQLITE = Set.of(8, 10, 13, 14);

  private static final Pattern ERRNO =
      Pattern.compile(
          "No space left on device|Disk quota exceeded|Read-only file system|Input/output error");
  private static final long RETRY_AFTER_MS = 30_000;

  private DiskFailure() {}

  /** Whether the disk is the cause of a failure. */
  public static boolean isOne(Throwable failure) {
    return cause(failure).isPresent();
  }

  /** Tells operators of it in one line; false where something else is the cause. */
  public static boolean isReported(Throwable failure) {
    Optional<Throwable> cause = cause(failure);
    cause.ifPresent(why -> LOG.warn("The disk is full or fails: {}", why.getMessage()));
    return cause.isPresent();
  }

  /** The error that the caller gets. */
  static Problem problem() {
    return new Problem(
        ErrorCode.STORAGE_UNAVAILABLE, "The server's disk is full or fails.", RETRY_AFTER_MS);
  }

  private static Optional<Throwable> cause(Throwable failure) {
    return Stream.iterate(failure, one -> one != null, Throwable::getCause)
        .filter(DiskFailure::isOfTheDisk)
        .findFirst();
  }

  private static boolean isOfTheDisk(Throwable one) {
    return switch (one) {
      case SQLException database -> SQLITE.contains(database.getErrorCode() & 0xff);
      case IOException file -> file.getMessage() != null && ERRNO.matcher(file.getMessage()).find();
      default -> false;
    };
  }
}
