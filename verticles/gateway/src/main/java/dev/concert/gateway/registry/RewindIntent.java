package dev.concert.gateway.registry;

/**
 * A rewind that was begun: what the next start needs to finish it.
 *
 * @param messageId the oldest message that is left out
 * @param fromSeq number of that message
 * @param filesAt sequence number of the workspace that the files go back to
 * @param filesBefore sequence number of the workspace before
 */
public record RewindIntent(
    String tenantId,
    String sessionId,
    String rewindId,
    String messageId,
    long fromSeq,
    long filesAt,
    long filesBefore,
    String userId) {}
