/**
 * {@code concert sync}: keeps a folder and a session's workspace equal. A conflict is a file that
 * both sides changed; the user or a policy resolves it.
 */
package dev.concert.platform.command.sync;
