/**
 * Sessions in memory.
 *
 * <p>{@code SessionDirectory} finds or opens a {@code Session}. A session has a {@code
 * SessionStatus} (its state), at most one {@code Turn} at a time ({@code CurrentTurn}), and an
 * agent: {@code Activation} starts it and delivers the message, {@code AgentClient} sends it
 * requests, {@code AgentEventHandler} handles what it does. Everything in a session runs on one
 * event-loop context. A {@code Drain} waits for the turns that run when the server is told to stop.
 *
 * <p>{@code SessionRewind} takes a session back to before a message, and {@code SessionFork} makes
 * a new one of an earlier point; {@code TurnCheckpoints} notes which files belong to which turn.
 *
 * <p>Large on purpose: what happens to a session happens on its one context, and the parts share
 * its state, which nothing outside may change.
 */
package dev.concert.gateway.session;
