package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.wire.Transport;
import java.io.IOException;

/** Makes connections to a master, one at a time. Blocks, for not much longer than 10 s. */
@FunctionalInterface
public interface Connector {
  Transport connect() throws IOException;
}
