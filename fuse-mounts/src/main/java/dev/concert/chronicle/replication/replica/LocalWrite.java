package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.wire.Version;
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
record LocalWrite(
    long localSeq,
    String path,
    Version version,
    long masterRowidSeen,
    Optional<Version> sent,
    boolean parked,
    Optional<Signature> signature) {}
