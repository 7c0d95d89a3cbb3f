package dev.concert.gateway.registry;

import dev.concert.protocol.SessionMeta;
import java.util.List;

/**
 * @param nextCursor where the next page begins; null after the last page
 */
public record SessionPage(List<SessionMeta> sessions, String nextCursor) {}
