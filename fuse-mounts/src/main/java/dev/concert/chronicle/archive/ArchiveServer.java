package dev.concert.chronicle.archive;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.SnapshotMessages.ArchiveOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes archives for readers on the loopback address, from the first time on that one is expected.
 * Each archive has a virtual thread of its own and holds a piece of 64 KiB; a reader that stops for
 * a minute loses it. Used on the context of its verticle.
 */
public final class ArchiveServer {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveServer.class);
  private static final String HOST = "127.0.0.1";
  private static final String PATH = "/archive";
  private static final long TOKEN_MS = 30_000;
  private static final int TOKEN_BYTES = 32;
  private static final int MOST = 32;
  private static final int PIECE = 64 * 1024;
  private static final String BEARER = "Bearer ";

  private record Expected(ArchiveFormat format, ArchiveSource source) {}

  private final Vertx vertx;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Expected> expected = new ConcurrentHashMap<>();
  private final AtomicInteger atWork = new AtomicInteger();
  private Optional<Future<HttpServer>> server = Optional.empty();

  public ArchiveServer(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Expects one reader of an archive; fails where too many are expected or being written. */
  public Future<ArchiveOpened> expect(ArchiveFormat format, ArchiveSource source) {
    if (expected.size() + atWork.get() >= MOST) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.RATE_LIMITED, MOST + " archives are being read at the moment."));
    }
    if (server.isEmpty() || server.get().failed()) {
      server = Optional.of(listen());
    }
    return server
        .get()
        .map(
            listening ->
                new ArchiveOpened(
                    HOST,
                    listening.actualPort(),
                    PATH,
                    newToken(new Expected(format, source)),
                    format.mediaType()));
  }

  private Future<HttpServer> listen() {
    return vertx.createHttpServer().requestHandler(this::request).listen(0, HOST);
  }

  private String newToken(Expected archive) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    expected.put(token, archive);
    vertx.setTimer(TOKEN_MS, _ -> expected.remove(token));
    return token;
  }

  private void request(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    Expected archive =
        authorization != null && authorization.startsWith(BEARER) && PATH.equals(request.path())
            ? expected.remove(authorization.substring(BEARER.length()))
            : null;
    if (archive == null) {
      request.response().setStatusCode(401).end();
      return;
    }
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
    return server
        .map(listening -> listening.compose(HttpServer::close))
        .orElseGet(Future::succeededFuture);
  }
}
