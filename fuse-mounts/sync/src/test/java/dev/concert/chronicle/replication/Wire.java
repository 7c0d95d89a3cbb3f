package dev.concert.chronicle.replication;

import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.replica.Connector;
import dev.concert.chronicle.replication.transport.UnixListener;
import dev.concert.chronicle.replication.transport.UnixTransport;
import dev.concert.chronicle.replication.wire.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way from replicas to a master that can be cut, and that can lead to another master. */
final class Wire implements Connector, AutoCloseable {
  private final Set<Transport> open = ConcurrentHashMap.newKeySet();
  private final Path socket;
  private final UnixListener listener;
  private volatile Master master;
  private volatile boolean down;

  Wire(Path folder, Master master) {
    this.master = master;
    socket = folder.resolve("c.sock");
    listener = UnixListener.listen(socket, transport -> this.master.accept(transport));
  }

  /** From now on replicas come to this one. */
  void leadTo(Master another) {
    master = another;
  }

  @Override
  public Transport connect() throws IOException {
    if (down) {
      throw new IOException("the wire is cut");
    }
    Transport transport = UnixTransport.connect(socket);
    open.add(transport);
    if (down) {
      // It was cut meanwhile, and this one was not seen.
      transport.close();
      throw new IOException("the wire is cut");
    }
    return transport;
  }

  /** Ends every connection at once; new ones can be made. */
  void cut() {
    for (Transport transport : open) {
      open.remove(transport);
      transport.close();
    }
  }

  void down(boolean isDown) {
    down = isDown;
    if (isDown) {
      cut();
    }
  }

  @Override
  public void close() {
    cut();
    listener.close();
  }
}
