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
    JsonNode metadata,
    SessionVisibility visibility) {
  /** The name of a session that nobody named. */
  public static final String UNNAMED = "New session";

  /** A session that every member of the tenant may see. */
  public SessionMeta(
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
    this(
        id,
        tenantId,
        name,
        agentType,
        model,
        projectId,
        state,
        archived,
        createdBy,
        createdAt,
        updatedAt,
        lastSeq,
        metadata,
        SessionVisibility.TENANT);
  }

  public SessionMeta withName(String name, long updatedAt) {
    return new SessionMeta(
        id,
        tenantId,
        name,
        agentType,
        model,
        projectId,
        state,
        archived,
        createdBy,
        createdAt,
        updatedAt,
        lastSeq,
        metadata,
        visibility);
  }

  public SessionMeta withArchived(boolean archived, long updatedAt) {
    return new SessionMeta(
        id,
        tenantId,
        name,
        agentType,
        model,
        projectId,
        state,
        archived,
        createdBy,
        createdAt,
        updatedAt,
        lastSeq,
        metadata,
        visibility);
  }

  public SessionMeta withState(SessionState state, long lastSeq, long updatedAt) {
    return new SessionMeta(
        id,
        tenantId,
        name,
        agentType,
        model,
        projectId,
        state,
        archived,
        createdBy,
        createdAt,
        updatedAt,
        lastSeq,
        metadata,
        visibility);
  }

  public SessionMeta withVisibility(SessionVisibility visibility, long updatedAt) {
    return new SessionMeta(
        id,
        tenantId,
        name,
        agentType,
        model,
        projectId,
        state,
        archived,
        createdBy,
        createdAt,
        updatedAt,
        lastSeq,
        metadata,
        visibility);
  }
}
