package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Reads and writes files of workspaces in the name of members. At most {@link #MAX_BYTES} each. */
final class WorkspaceFiles {
  static final int MAX_BYTES = 10 << 20;
  private static final int PIECE = 1 << 20;

  private final GatewayClient gateway;
  private final String tenantId;

  WorkspaceFiles(GatewayClient gateway, String tenantId) {
    this.gateway = gateway;
    this.tenantId = tenantId;
  }

  /** Writes a file whole. The same again changes nothing. */
  Future<Void> write(String userId, String sessionId, String path, Buffer content) {
    ObjectNode request =
        GatewayClient.request()
            .put("sessionId", sessionId)
            .put("path", path)
            .put("content", Base64.getEncoder().encodeToString(content.getBytes()));
    return gateway.call(tenantId, userId, "upload_file", request).mapEmpty();
  }

  /** Reads a file whole. */
  Future<Buffer> read(String userId, String sessionId, String path) {
    return read(userId, sessionId, path, 0, Buffer.buffer());
  }

  private Future<Buffer> read(
      String userId, String sessionId, String path, long offset, Buffer soFar) {
    ObjectNode request =
        GatewayClient.request()
            .put("sessionId", sessionId)
            .put("path", path)
            .put("offset", offset)
            .put("length", PIECE);
    return gateway
        .call(tenantId, userId, "read_file", request)
        .compose(
            piece -> {
              if (piece.path("size").asLong() > MAX_BYTES) {
                return Future.failedFuture(
                    new ConcertException(ErrorCode.INVALID_MESSAGE, "It is larger than 10 MiB."));
              }
              soFar.appendBytes(bytes(piece));
              return piece.path("nextOffset").isNumber()
                  ? read(userId, sessionId, path, piece.path("nextOffset").asLong(), soFar)
                  : Future.succeededFuture(soFar);
            });
  }

  private static byte[] bytes(JsonNode piece) {
    String content = piece.path("content").asText("");
    return piece.path("encoding").asText("").equals("base64")
        ? Base64.getDecoder().decode(content)
        : content.getBytes(StandardCharsets.UTF_8);
  }
}
