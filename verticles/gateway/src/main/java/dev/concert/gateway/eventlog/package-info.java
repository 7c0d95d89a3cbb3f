/**
 * A session's events: numbered, stored, shown.
 *
 * <p>{@code SessionLog} gives each event its number. The <em>journal</em> ({@code EventJournal}) is
 * one file for all sessions: an event is shown after its commit there. Later the events
 * <em>move</em>, text merged, to the session's own database ({@code SessionDatabase}). Both store
 * the neutral event record and its format ({@link dev.concert.protocol.EventRecordCodec}). A
 * <em>subscription</em> projects the events to the protocol of its subscriber; the log knows no
 * connection and no protocol.
 */
package dev.concert.gateway.eventlog;
