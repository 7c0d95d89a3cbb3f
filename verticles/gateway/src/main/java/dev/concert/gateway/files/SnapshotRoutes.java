package dev.concert.gateway.files;

import static dev.concert.gateway.files.WorkspaceBus.work;

import dev.concert.bus.Addresses;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.DeleteSnapshot;
import dev.concert.workspace.SnapshotMessages.ListSnapshots;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * A session's workspace at moments of its past, below {@code /api/sessions/{id}}.
 *
 * <ul>
 *   <li>{@code GET snapshots}, {@code POST snapshots} with {@code {"name": …}}, {@code DELETE
 *       snapshots/{name}}
 *   <li>{@code POST snapshots/{name}/restore}
 *   <li>{@code POST restore} with {@code {"at": …}}, a time, or {@code {"sequence": …}}, which
 *       undoes a restore that answered it as {@code before}
 * </ul>
 *
 * <p>A workspace is not restored during a turn. Each file appears whole or stays as it is.
 */
record SnapshotRoutes(WorkspaceBus bus) {
  private static final Duration LONG_PATIENCE = Duration.ofMinutes(9);

  void add(Router router, String base) {
    router.get(base + "snapshots").handler(work(this::list));
    router.post(base + "snapshots").handler(work(this::create));
    router.delete(base + "snapshots/:name").handler(work(this::delete));
    router
        .post(base + "snapshots/:name/restore")
        .handler(
            work((request, workspace) -> restore(request, workspace, request.pathParam("name"))));
  }

  private Future<?> list(RoutingContext request, String workspace) {
    return bus.ask(request, Addresses.LIST_SNAPSHOTS, new ListSnapshots(workspace));
  }

  private Future<?> create(RoutingContext request, String workspace) {
    return bus.ask(
        request,
        Addresses.CREATE_SNAPSHOT,
        new CreateSnapshot(workspace, JsonBody.of(request).text("name")));
  }

  private Future<?> delete(RoutingContext request, String workspace) {
    return bus.ask(
        request,
        Addresses.DELETE_SNAPSHOT,
        new DeleteSnapshot(workspace, request.pathParam("name")));
  }

  /** The moment that the body names. */
  Future<?> restore(RoutingContext request, String workspace) {
    JsonBody body = JsonBody.of(request);
    String moment = body.has("sequence") ? "#" + body.text("sequence") : "@" + body.text("at");
    return restore(request, workspace, moment);
  }

  private Future<?> restore(RoutingContext request, String workspace, String moment) {
    RestoreWorkspace question = new RestoreWorkspace(workspace, moment);
    return FileAdmission.session(request)
        .betweenTurns()
        .compose(_ -> bus.ask(request, Addresses.RESTORE_WORKSPACE, question, LONG_PATIENCE));
  }
}
