package dev.concert.protocol;

/**
 * A browser in which a member is told what comes into their inbox.
 *
 * @param name for the member
 * @param createdAt Unix ms
 */
public record PushDevice(String deviceId, String name, long createdAt) {}
