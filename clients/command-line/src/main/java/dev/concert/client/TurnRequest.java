package dev.concert.client;

import java.util.Optional;

/**
 * What one turn shall do.
 *
 * @param session an existing session; empty for a new one
 * @param agent agent type of a new session
 * @param model model of a new session; empty for the server's default
 */
public record TurnRequest(
    String text, Optional<String> session, String agent, Optional<String> model) {}
