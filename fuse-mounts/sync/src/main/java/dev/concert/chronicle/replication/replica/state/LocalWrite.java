package dev.concert.chronicle.replication.replica.state;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.util.Optional;

/**
 * A difference between a replica's file and its base, as the write journal has it.
 *
 * @param localSeq another one for each version
 * @param masterRowidSeen what was applied when it was noticed
 * @param sent the version that the master was sent last, while it is not known what became of it
 * @param parked whether it is not to be sent: it waits for a decision, or was refused
 * @param signature how the file looked when it was read
 */
public record LocalWrite(
    long localSeq,
    String path,
    PathVersion version,
    long masterRowidSeen,
    Optional<PathVersion> sent,
    boolean parked,
    Optional<Signature> signature) {}
