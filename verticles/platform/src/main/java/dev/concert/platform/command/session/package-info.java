/** {@code concert session}: an earlier point of a session, and links that share it. */
package dev.concert.platform.command.session;
