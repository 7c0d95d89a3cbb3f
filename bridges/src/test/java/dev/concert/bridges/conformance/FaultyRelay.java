package dev.concert.bridges.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Stands between the bridges and a server that answers always. At a message it keeps back what
 * either says on that connection, until the bridges close it, or cuts the connection.
 */
final class FaultyRelay implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final ServerSocket listener;
  private final int server;
  private final Pattern message;
  private Optional<Fault> next = Optional.empty();
  private volatile boolean isHeld;

  /**
   * What happens at a message.
   *
   * @param isTaken whether the server gets it; then its answer does not arrive
   * @param isCut whether the connection ends there
   */
  private record Fault(boolean isTaken, boolean isCut) {}

  /** One connection of the bridges. */
  private static final class Link {
    private volatile boolean isLostToServer;
    private volatile boolean isLostToBridges;
    private volatile boolean isCut;
  }

  /**
   * @param server its port on this machine
   * @param message is found in what the bridges say where they send one
   */
  FaultyRelay(int server, Pattern message) {
    this.server = server;
    this.message = message;
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /**
   * Holds at the next message.
   *
   * @param isTaken whether the server gets it; then its answer is kept back
   */
  synchronized void hold(boolean isTaken) {
    next = Optional.of(new Fault(isTaken, false));
  }

  /**
   * Cuts the connection at the next message.
   *
   * @param isTaken whether the server gets it; then it ends when the server answers
   */
  synchronized void cut(boolean isTaken) {
    next = Optional.of(new Fault(isTaken, true));
  }

  /** Whether a message, or the answer to one, was kept back. */
  boolean isHeld() {
    return isHeld;
  }

  private void accept() {
    try {
      while (true) {
        Socket bridges = listener.accept();
        Socket to = new Socket(InetAddress.getLoopbackAddress(), server);
        bridges.setTcpNoDelay(true);
        to.setTcpNoDelay(true);
        Link link = new Link();
        Thread.ofVirtual().start(() -> copyToServer(link, bridges, to));
        Thread.ofVirtual().start(() -> copyToBridges(link, bridges, to));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void copyToServer(Link link, Socket bridges, Socket to) {
    try (bridges;
        to) {
      InputStream in = bridges.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[CHUNK];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        look(link, new String(chunk, 0, read, StandardCharsets.ISO_8859_1));
        if (link.isLostToServer && link.isCut) {
          return;
        }
        if (!link.isLostToServer) {
          out.write(chunk, 0, read);
        }
      }
    } catch (IOException e) {
      // One of them is gone, so the other one goes.
    }
  }

  private synchronized void look(Link link, String said) {
    if (next.isPresent() && message.matcher(said).find()) {
      Fault fault = next.get();
      next = Optional.empty();
      link.isCut = fault.isCut();
      link.isLostToBridges = true;
      link.isLostToServer = !fault.isTaken();
      isHeld |= !fault.isTaken() && !fault.isCut();
    }
  }

  private void copyToBridges(Link link, Socket bridges, Socket to) {
    try (bridges;
        to) {
      InputStream in = to.getInputStream();
      OutputStream out = bridges.getOutputStream();
      byte[] chunk = new byte[CHUNK];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (link.isCut) {
          return;
        }
        if (link.isLostToBridges) {
          isHeld = true;
        } else {
          out.write(chunk, 0, read);
        }
      }
    } catch (IOException e) {
      // One of them is gone, so the other one goes.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
