package dev.concert.chronicle.archive;

import dev.concert.bus.ConcertBus;
import dev.concert.chronicle.loopback.OneTimeServer;
import dev.concert.chronicle.loopback.ResponseStream;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.SnapshotMessages.ArchiveOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes archives for readers. Each archive has a virtual thread of its own and holds a piece of 64
 * KiB; a reader that stops for a minute loses it. Used on the context of its verticle.
 */
public final class ArchiveServer {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveServer.class);
  private static final String PATH = "/archive";
  private static final int MOST = 32;
  private static final int PIECE = 64 * 1024;

  private record Expected(ArchiveFormat format, ArchiveSource source) {}

  private final OneTimeServer<Expected> server;
  private final AtomicInteger atWork = new AtomicInteger();

  public ArchiveServer(Vertx vertx, ConcertBus bus) {
    this.server = new OneTimeServer<>(vertx, bus, PATH, new HttpServerOptions(), this::begin);
  }

  /** Expects one reader of an archive; fails where too many are expected or being written. */
  public Future<ArchiveOpened> expect(ArchiveFormat format, ArchiveSource source) {
    if (server.expected() + atWork.get() >= MOST) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.RATE_LIMITED, MOST + " archives are being read at the moment."));
    }
    return server
        .expect(new Expected(format, source))
        .map(
            one ->
                new ArchiveOpened(
                    one.node(),
                    one.port(),
                    one.path(),
                    one.token(),
                    format.mediaType(),
                    source.excluded()));
  }

  private void begin(Expected archive, HttpServerRequest request) {
    request.response().setChunked(true);
    atWork.incrementAndGet();
    Thread.ofVirtual().name("archive").start(() -> write(archive, request));
  }

  private void write(Expected archive, HttpServerRequest request) {
    try {
      ResponseStream body = new ResponseStream(request.response());
      // The formats close what they write to, which must not end the response before all is in it.
      BufferedOutputStream pieces = new BufferedOutputStream(body, PIECE);
      archive.format().write(archive.source(), pieces);
      body.end();
    } catch (ResponseStream.ReaderGone gone) {
      LOG.debug("A reader did not wait for the end of its archive", gone);
      request.response().reset();
    } catch (IOException | RuntimeException failure) {
      LOG.warn("An archive was not written to its end: {}", failure.toString());
      // Without its last piece the reader knows that it is not whole.
      request.response().reset();
    } finally {
      atWork.decrementAndGet();
    }
  }

  public Future<?> close() {
    return server.close();
  }
}
