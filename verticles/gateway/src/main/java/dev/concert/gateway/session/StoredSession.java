package dev.concert.gateway.session;

import dev.concert.protocol.ServerEvent.UsageUpdate;
import dev.concert.protocol.SessionState;
import java.util.List;
import java.util.Optional;

/**
 * What a session's database says when the session comes into memory.
 *
 * @param openTurn a turn that was begun and not ended: the process that ran it is gone
 * @param lastState the state that clients were told last
 */
record StoredSession(
    long lastSeq, List<UsageUpdate> usage, Optional<String> openTurn, SessionState lastState) {}
