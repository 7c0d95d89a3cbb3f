package dev.concert.protocol;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a list of sessions shows of one.
 *
 * @param model null for the default model
 * @param projectId null outside a project
 * @param createdAt Unix milliseconds; likewise {@code updatedAt}
 * @param lastSeq number of the session's latest event, 0 before the first
 * @param metadata what the creator gave, or null
 */
public record SessionMeta(
    String id,
    String tenantId,
    String name,
    String agentType,
    String model,
    String projectId,
    SessionState state,
    boolean archived,
    String createdBy,
    long createdAt,
    long updatedAt,
    long lastSeq,
    JsonNode metadata) {

  public SessionMeta withState(SessionState state, long lastSeq, long updatedAt) {
    return new SessionMeta(
        id, tenantId, name, agentType, model, projectId, state, archived, createdBy, createdAt,
        updatedAt, lastSeq, metadata);
  }
}
