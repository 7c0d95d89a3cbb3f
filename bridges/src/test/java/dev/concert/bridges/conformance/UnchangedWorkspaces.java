package dev.concert.bridges.conformance;

import dev.concert.bridge.ClientCalls.OpenSessionTransfer;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.workspace.WorkspaceMessages.Transfer;
import dev.concert.workspace.WorkspaceMessages.TransferOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Workspaces that have what was brought into them: no agent changes a file. */
final class UnchangedWorkspaces {
  private static final String NODE = "local";
  private static final int END_OF_TAR = 1024;
  private static final int MAY_RUN = 0100;

  private final Map<String, byte[]> tars = new ConcurrentHashMap<>();

  private UnchangedWorkspaces() {}

  /** Answers on the bus of the gateway. */
  static void serve(Vertx vertx, ConcertBus gateway) {
    UnchangedWorkspaces workspaces = new UnchangedWorkspaces();
    HttpServer server = vertx.createHttpServer().requestHandler(workspaces::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    gateway.serve(Addresses.OPEN_SESSION_TRANSFER, wanted -> opened(wanted, server.actualPort()));
  }

  private static Future<TransferOpened> opened(OpenSessionTransfer wanted, int port) {
    String path = "/%s/%s".formatted(wanted.sessionId(), wanted.transfer());
    return Future.succeededFuture(new TransferOpened(NODE, port, path, "secret"));
  }

  private void handle(HttpServerRequest request) {
    String[] parts = request.path().split("/");
    request
        .body()
        .map(body -> answer(parts[1], Transfer.valueOf(parts[2]), body.getBytes()))
        .onSuccess(answer -> request.response().end(answer))
        .onFailure(failure -> request.response().setStatusCode(500).end(failure.toString()));
  }

  private Buffer answer(String session, Transfer transfer, byte[] body) {
    return switch (transfer) {
      case IMPORT -> {
        tars.put(session, body);
        yield Buffer.buffer();
      }
      case LIST -> list(tars.get(session));
      case EXPORT -> Buffer.buffer(new byte[END_OF_TAR]);
    };
  }

  private static Buffer list(byte[] brought) {
    Buffer lines = Buffer.buffer();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(brought))) {
      for (TarArchiveEntry one = tar.getNextEntry(); one != null; one = tar.getNextEntry()) {
        if (one.isFile() && !one.getName().matches("\\.git/.*|CONCERT\\.end")) {
          JsonObject line =
              new JsonObject()
                  .put("path", one.getName())
                  .put("size", one.getSize())
                  .put("modified", one.getLastModifiedTime().to(TimeUnit.NANOSECONDS))
                  .put("mode", (one.getMode() & MAY_RUN) != 0 ? 0100755 : 0100644);
          lines.appendString(line.encode() + "\n");
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("What was brought in is no tar", e);
    }
    return lines.appendString("{\"end\":true}\n");
  }
}
