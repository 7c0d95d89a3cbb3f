package dev.concert.gateway.session;

import dev.concert.protocol.ServerEvent.UsageUpdate;
import java.util.List;

/** What a session's database says when the session comes into memory. */
record OpenedLog(long lastSeq, List<UsageUpdate> usage) {}
