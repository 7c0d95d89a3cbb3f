package dev.concert.gateway.files;

import dev.concert.bus.Addresses;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A file's bytes as the body of a request or of its answer. */
record FileBytes(WorkspaceBus bus) {
  /** The most that is taken at once. */
  static final long MAX = 10L << 20;

  /** Answers with the file as it is now. */
  Future<?> send(RoutingContext request, String workspace, String path) {
    return bus.request(Addresses.READ_FILE, new ReadFile(workspace, path))
        .onSuccess(found -> send(request, found));
  }

  /** Answers with the file as it was. */
  Future<?> send(RoutingContext request, String workspace, String path, long iteration) {
    return bus.request(Addresses.READ_ITERATION, new ReadIteration(workspace, path, iteration))
        .onSuccess(found -> send(request, found));
  }

  private static void send(RoutingContext request, FileContent found) {
    byte[] bytes =
        found.encoding().equals("base64")
            ? Base64.getDecoder().decode(found.content())
            : found.content().getBytes(StandardCharsets.UTF_8);
    request
        .response()
        // Never shown as a page of this origin, whatever is in it.
        .putHeader("Content-Type", "application/octet-stream")
        .putHeader("Content-Disposition", "attachment")
        .putHeader("ETag", '"' + found.hash() + '"')
        .putHeader("X-Iteration", Long.toString(found.iteration()))
        .end(Buffer.buffer(bytes));
  }

  /** The body becomes the file. */
  Future<?> take(RoutingContext request, String workspace, String path) {
    Buffer body = request.body().buffer();
    byte[] bytes = body == null ? new byte[0] : body.getBytes();
    return bus.ask(
        request,
        Addresses.WRITE_FILE,
        new WriteFile(workspace, path, Base64.getEncoder().encodeToString(bytes)));
  }
}
