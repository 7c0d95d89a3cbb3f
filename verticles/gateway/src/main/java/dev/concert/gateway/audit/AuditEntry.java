package dev.concert.gateway.audit;

import java.util.Map;

/**
 * What was done once.
 *
 * @param id grows with time
 * @param at Unix milliseconds
 * @param actor user id, or {@link AuditLog#OPERATOR}
 * @param action dotted, as {@code member.removed}
 * @param subject id of what was acted on
 */
public record AuditEntry(
    long id, long at, String actor, String action, String subject, Map<String, String> details) {}
