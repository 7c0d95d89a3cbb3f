package dev.concert.foundation.sqlite;

import java.sql.Connection;
import java.sql.SQLException;

/** Work on a connection. It must not close the connection and not begin or end a transaction. */
@FunctionalInterface
public interface SqlFunction<T> {
  T apply(Connection connection) throws SQLException;
}
