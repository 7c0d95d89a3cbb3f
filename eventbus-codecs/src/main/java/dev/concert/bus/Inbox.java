package dev.concert.bus;

/**
 * Messages for one subscriber, without an answer. A subscriber opens few inboxes, keeps them for
 * its life, and gives their address to whoever sends to it.
 *
 * @param name first part of each address
 * @param message type of what is sent there
 */
public record Inbox<E extends Record>(String name, Class<E> message) {}
