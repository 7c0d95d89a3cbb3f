package dev.concert.gateway.billing;

import java.util.Optional;

/**
 * A turn that wants to begin.
 *
 * @param instanceId the agent that makes the model calls
 * @param model empty for the default model
 * @param context tokens of the conversation so far; 0 if it begins
 * @param characters of the new message
 */
public record TurnEstimate(
    String tenantId,
    String sessionId,
    String instanceId,
    String turnId,
    Optional<String> model,
    long context,
    long characters) {}
