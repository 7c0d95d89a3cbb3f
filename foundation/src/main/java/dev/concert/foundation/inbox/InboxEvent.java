package dev.concert.foundation.inbox;

import java.time.Instant;

/**
 * An event that was claimed and is not finished.
 *
 * @param source that it came from; event ids are unique in a source
 * @param eventId that the sender gave it
 * @param body what the sender sent, or what the handler needs of it
 * @param received when it came first
 * @param attempts how often its handling has begun before
 */
public record InboxEvent(
    String source, String eventId, String body, Instant received, int attempts) {}
