package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.exchange.ContentFetcher;
import dev.concert.chronicle.replication.exchange.ContentServer;
import dev.concert.chronicle.replication.exchange.Watchdog;
import dev.concert.chronicle.replication.wire.WireChannel;
import dev.concert.chronicle.replication.wire.WireException;
import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import dev.concert.chronicle.replication.wire.WireMessage.ContentNotFound;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One connection of a replica to its master. One virtual thread reads and never sends, another one
 * gives contents; so neither side can make the other wait for itself.
 */
final class MasterLink implements AutoCloseable {

  /** Gets what was read, on the reading thread, which may be made to wait. */
  interface Receiver {
    void received(MasterLink from, WireMessage message) throws InterruptedException;

    /** The last call. */
    void lost(MasterLink link, String why);
  }

  private final WireChannel channel;
  private final ContentFetcher fetching;
  private final ContentServer.Source source;
  private final Receiver receiver;
  private final BlockingQueue<Optional<String>> asked =
      new LinkedBlockingQueue<>(2 * ContentFetcher.WINDOW);
  private volatile boolean closed;

  private MasterLink(
      WireChannel channel, Path staging, ContentServer.Source source, Receiver receiver) {
    this.channel = channel;
    this.fetching = new ContentFetcher(channel, staging);
    this.source = source;
    this.receiver = receiver;
  }

  static MasterLink start(
      WireChannel channel,
      Path staging,
      ContentServer.Source source,
      Receiver receiver,
      Duration timeout) {
    MasterLink link = new MasterLink(channel, staging, source, receiver);
    Thread.ofVirtual().name("sync-reader").start(link::read);
    Thread.ofVirtual().name("sync-serving").start(link::serve);
    Watchdog.watch(channel, timeout, () -> !link.closed);
    return link;
  }

  ContentFetcher contents() {
    return fetching;
  }

  void send(WireMessage message) throws IOException {
    channel.send(message);
  }

  private void read() {
    String why = "the server closed the connection";
    try {
      Optional<WireMessage> message = channel.receive();
      while (message.isPresent()) {
        dispatch(message.get());
        message = channel.receive();
      }
    } catch (IOException | IllegalStateException e) {
      why = e.getMessage() == null ? "the connection was lost" : e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
      receiver.lost(this, why);
    }
  }

  private void dispatch(WireMessage message) throws WireException, InterruptedException {
    switch (message) {
      case ContentFetchResponse response -> fetching.received(response);
      case ContentNotFound missing -> fetching.notFound(missing.contentHash());
      case ContentFetchRequest request -> {
        if (!asked.offer(Optional.of(request.contentHash()))) {
          throw new WireException("the master asks for too many contents at a time");
        }
      }
      default -> receiver.received(this, message);
    }
  }

  private void serve() {
    try (ContentServer serving = new ContentServer(source)) {
      Optional<String> hash = asked.take();
      while (hash.isPresent() && !closed) {
        channel.send(serving.answer(hash.get()));
        hash = asked.take();
      }
    } catch (IOException | RuntimeException e) {
      // Whoever reads notices that the connection is gone, and says so.
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    channel.close();
    fetching.close();
    asked.clear();
    asked.offer(Optional.empty());
  }
}
