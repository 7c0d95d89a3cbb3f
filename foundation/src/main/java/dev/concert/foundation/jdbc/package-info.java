/**
 * SQLite files, used from event loops through the Vert.x JDBC Client.
 *
 * <p>A {@link dev.concert.foundation.jdbc.JdbcDatabase} is one file with a pool of readers and one
 * writer. {@link dev.concert.foundation.jdbc.JdbcDatabases} holds one file for each key, such as a
 * tenant, and bounds how many are open. Stores on the hot path write by group commit instead; the
 * ADR "Stores off the hot path use the Vert.x JDBC Client" draws the line.
 */
package dev.concert.foundation.jdbc;
