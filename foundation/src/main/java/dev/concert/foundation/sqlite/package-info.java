/**
 * SQLite files, used by blocking code.
 *
 * <p>A <b>database</b> is one file with one connection and a write-ahead log. A <b>migration</b> is
 * a script that brings a file from one schema version to the next. A <b>checkpoint</b> moves the
 * write-ahead log into the file. Code on event loops uses {@code dev.concert.foundation.jdbc}.
 */
package dev.concert.foundation.sqlite;
