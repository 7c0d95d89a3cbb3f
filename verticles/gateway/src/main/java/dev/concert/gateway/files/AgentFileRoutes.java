package dev.concert.gateway.files;

import static dev.concert.gateway.files.WorkspaceBus.work;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * A workspace's files by the id of its agent, as the coordinator's API names them: {@code GET} and
 * {@code POST /agent/{id}/files/{path}}. They are served here, where callers are known.
 */
record AgentFileRoutes(FileBytes files, FileAdmission admission) {
  static final String ALL = "/agent/:agent/files/*";

  void add(Router router) {
    admission.add(router, ALL);
    router.get(ALL).handler(work(this::read));
    router
        .post(ALL)
        .handler(BodyHandler.create(false).setBodyLimit(FileBytes.MAX))
        .handler(work(this::upload));
  }

  private Future<?> read(RoutingContext request, String workspace) {
    return files.send(request, workspace, path(request));
  }

  private Future<?> upload(RoutingContext request, String workspace) {
    return files.take(request, workspace, path(request));
  }

  private static String path(RoutingContext request) {
    // Begins so that no part of it can be taken for a scheme or a host.
    String encoded = "./" + request.pathParam("*");
    try {
      return new URI(encoded).getPath().substring(2);
    } catch (URISyntaxException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "The path of the file is not encoded as in an address.", e);
    }
  }
}
