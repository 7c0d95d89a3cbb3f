package dev.concert.gateway.files;

import static dev.concert.gateway.files.WorkspaceBus.work;

import dev.concert.bus.Addresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.RetentionMessages.ReadRetention;
import dev.concert.workspace.RetentionMessages.SetRetention;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Which iterations of a session's workspace are kept, below {@code /api/sessions/{id}}: {@code GET
 * retention}, {@code PUT retention} with {@code {"policy": "all" | "last:N" | "thin"}}, and {@code
 * DELETE retention}, after which the server's policy holds again.
 */
record RetentionRoutes(WorkspaceBus bus) {

  void add(Router router, String base) {
    router.get(base + "retention").handler(work(this::read));
    router.put(base + "retention").handler(work(this::set));
    router.delete(base + "retention").handler(work(this::clear));
  }

  private Future<?> read(RoutingContext request, String workspace) {
    return bus.ask(request, Addresses.READ_RETENTION, new ReadRetention(workspace));
  }

  private Future<?> set(RoutingContext request, String workspace) {
    String policy = JsonBody.of(request).text("policy");
    if (policy.isEmpty()) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "The field 'policy' is empty.");
    }
    return bus.ask(request, Addresses.SET_RETENTION, new SetRetention(workspace, policy));
  }

  private Future<?> clear(RoutingContext request, String workspace) {
    return bus.ask(request, Addresses.SET_RETENTION, new SetRetention(workspace, ""));
  }
}
