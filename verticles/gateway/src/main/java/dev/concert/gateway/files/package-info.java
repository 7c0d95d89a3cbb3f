/**
 * Handlers of the operations on a session's workspace: its files, their past, snapshots, retention
 * and archives. They ask Chronicle over the bus. A workspace is known by the id of the session's
 * agent.
 */
package dev.concert.gateway.files;
