package dev.concert.chronicle.replication.replica.files;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;

/**
 * How a file of the replica looks from outside. One that looks the same is taken to have the same
 * content, so the signature has to change with every write.
 *
 * @param mode permission bits
 */
public record ReplicaFile(String path, Kind kind, int mode, Signature signature) {}
