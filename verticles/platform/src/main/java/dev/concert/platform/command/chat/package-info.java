/** {@code concert chat}: a conversation with an agent at the terminal, turn after turn. */
package dev.concert.platform.command.chat;
