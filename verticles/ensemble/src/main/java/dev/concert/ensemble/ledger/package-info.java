/**
 * The usage ledger: one row for every call, with tokens and exact cost. {@code UsageLedger} records
 * a call before it is made and settles it when it ends; {@code LedgerFile} is its SQLite file,
 * {@code IntentLog} the memory-mapped log that survives a killed process. Stored responses are in
 * the same file.
 */
package dev.concert.ensemble.ledger;
