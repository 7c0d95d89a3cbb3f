/**
 * {@code concert key}: creates, lists, rotates and revokes API keys in the key file of a server.
 */
package dev.concert.platform.command.key;
