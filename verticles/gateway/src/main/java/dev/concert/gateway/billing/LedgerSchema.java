package dev.concert.gateway.billing;

import java.util.List;

/**
 * The tables of {@code billing.db}. Amounts are text, because SQLite's numbers are not exact
 * decimals.
 */
final class LedgerSchema {
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE account (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            billed INTEGER NOT NULL,
            balance TEXT NOT NULL CHECK (balance NOT LIKE '-%'),
            reserved TEXT NOT NULL CHECK (reserved NOT LIKE '-%'),
            owed TEXT NOT NULL CHECK (owed NOT LIKE '-%'),
            per_turn TEXT, per_day TEXT, per_month TEXT) STRICT;
          INSERT INTO account VALUES (1, 0, '0', '0', '0', NULL, NULL, NULL);

          CREATE TABLE entries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            amount TEXT NOT NULL CHECK (amount NOT LIKE '-%'),
            balance TEXT NOT NULL, reserved TEXT NOT NULL, owed TEXT NOT NULL,
            turn_id TEXT, session_id TEXT, by TEXT, idempotency_key TEXT UNIQUE) STRICT;

          CREATE TABLE reservations (
            turn_id TEXT PRIMARY KEY,
            session_id TEXT NOT NULL,
            amount TEXT NOT NULL,
            began INTEGER NOT NULL) STRICT, WITHOUT ROWID;

          CREATE TABLE charges (
            turn_id TEXT NOT NULL, call_id INTEGER NOT NULL,
            session_id TEXT NOT NULL, model TEXT NOT NULL, cost TEXT NOT NULL,
            PRIMARY KEY (turn_id, call_id)) STRICT, WITHOUT ROWID;

          CREATE TABLE periods (
            period TEXT PRIMARY KEY,
            spent TEXT NOT NULL,
            reserved TEXT NOT NULL CHECK (reserved NOT LIKE '-%')) STRICT, WITHOUT ROWID;
          """);

  private LedgerSchema() {}
}
