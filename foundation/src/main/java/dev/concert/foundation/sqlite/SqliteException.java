package dev.concert.foundation.sqlite;

import java.nio.file.Path;

/**
 * A database file that could not be opened, migrated, read or written. Names the file for
 * operators.
 */
public final class SqliteException extends RuntimeException {
  SqliteException(String what, Path file, Throwable cause) {
    super(what + " " + file + ": " + cause.getMessage(), cause);
  }
}
