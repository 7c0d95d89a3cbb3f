package dev.concert.chronicle.transfer;

import dev.concert.bus.ConcertBus;
import dev.concert.chronicle.loopback.OneTimeServer;
import dev.concert.chronicle.loopback.RequestStream;
import dev.concert.chronicle.loopback.ResponseStream;
import dev.concert.chronicle.view.TreeView;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.workspace.WorkspaceMessages.OpenTransfer;
import dev.concert.workspace.WorkspaceMessages.TransferOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does transfers for gateways. Each has a platform thread, because a write through a mount may be
 * answered by this very process. Used on the context of its verticle.
 */
public final class TransferServer {
  private static final Logger LOG = LoggerFactory.getLogger(TransferServer.class);
  private static final String PATH = "/transfer";
  private static final int MOST = 16;
  private static final int PIECE = 64 * 1024;

  private final Workspaces workspaces;
  private final OneTimeServer<OpenTransfer> server;
  private final AtomicInteger atWork = new AtomicInteger();

  public TransferServer(Vertx vertx, ConcertBus bus, Workspaces workspaces) {
    this.workspaces = workspaces;
    this.server = new OneTimeServer<>(vertx, bus, PATH, new HttpServerOptions(), this::begin);
  }

  /** Expects one request; fails where too many are expected or at work. */
  public Future<TransferOpened> expect(OpenTransfer transfer) {
    if (server.expected() + atWork.get() >= MOST) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.RATE_LIMITED, MOST + " transfers are at work at the moment."));
    }
    return server
        .expect(transfer)
        .map(one -> new TransferOpened(one.node(), one.port(), one.path(), one.token()));
  }

  private void begin(OpenTransfer transfer, HttpServerRequest request) {
    InputStream body = RequestStream.of(request);
    Optional<String> known = Optional.ofNullable(request.getHeader("If-None-Match"));
    request.response().setChunked(true);
    atWork.incrementAndGet();
    Thread.ofPlatform()
        .daemon()
        .name("transfer")
        .start(() -> serve(transfer, known, body, request));
  }

  private void serve(
      OpenTransfer transfer, Optional<String> known, InputStream body, HttpServerRequest request) {
    ResponseStream response = new ResponseStream(request.response());
    try {
      OutputStream pieces = new BufferedOutputStream(response, PIECE);
      run(transfer, known, body, pieces);
      pieces.flush();
      response.end();
    } catch (ConcertException refused) {
      refuse(refused, body, request, response);
    } catch (IOException | RuntimeException failure) {
      LOG.warn("A transfer was not carried out to its end: {}", failure.toString());
      // Without its last piece the reader knows that it is not whole.
      request.response().reset();
    } finally {
      atWork.decrementAndGet();
    }
  }

  private void run(
      OpenTransfer transfer, Optional<String> known, InputStream body, OutputStream into)
      throws IOException {
    String id = workspaces.existing(transfer.workspaceId());
    switch (transfer.transfer()) {
      case IMPORT -> FileImport.run(workspaces, id, body, into);
      case LIST -> {
        try (TreeView tree = workspaces.files(id)) {
          TreeListing.write(tree, known, into);
        }
      }
      case EXPORT -> {
        try (TreeView tree = workspaces.files(id)) {
          FileExport.write(tree, body, into);
        }
      }
    }
  }

  /** Whoever sends does not look for an answer before the body is sent. */
  private static void refuse(
      ConcertException refused,
      InputStream body,
      HttpServerRequest request,
      ResponseStream response) {
    try {
      body.transferTo(OutputStream.nullOutputStream());
      request.response().setStatusCode(422);
      Problem problem = refused.problem();
      JsonObject json =
          new JsonObject().put("code", problem.code().name()).put("message", problem.message());
      response.write(json.toBuffer().getBytes());
      response.end();
    } catch (IOException gone) {
      request.response().reset();
    }
  }

  public Future<?> close() {
    return server.close();
  }
}
