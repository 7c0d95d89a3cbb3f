package dev.concert.gateway.files;

import static dev.concert.gateway.files.WorkspaceBus.work;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.http.ProblemReply;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.DiffFile;
import dev.concert.workspace.WorkspaceMessages.ListFiles;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The files of a session over HTTP, below {@code /api/sessions/{id}}. Paths are parameters, so that
 * no file name can be taken for a part of a route.
 *
 * <ul>
 *   <li>{@code GET files?path=&depth=}, {@code GET history?path=}, {@code GET diff?path=&from=&to=}
 *   <li>{@code GET file?path=&iteration=}: the bytes, with their hash as {@code ETag}
 *   <li>{@code PUT file?path=}: the body becomes the file, at most 10 MiB
 *   <li>{@code DELETE file?path=}
 *   <li>{@code POST restore?path=&iteration=}: also of a deleted file
 * </ul>
 *
 * <p>Every change is an iteration like any other: clients hear {@code file_changed}. The same files
 * by the id of their agent: {@link AgentFileRoutes}.
 */
public final class FileRoutes {
  private static final long MAX_QUESTION = 64 << 10;

  private final WorkspaceBus bus;
  private final FileBytes bytes;
  private final FileAdmission admission;
  private final AgentFileRoutes agentFiles;
  private final SnapshotRoutes snapshots;
  private final ArchiveRoute archive;

  /**
   * @param directory asked for with each request, since there is none before the gateway listens
   */
  public FileRoutes(
      Vertx vertx, ConcertBus bus, HttpIdentity identity, Supplier<SessionDirectory> directory) {
    this.bus = new WorkspaceBus(bus);
    this.bytes = new FileBytes(this.bus);
    this.admission =
        new FileAdmission(identity, directory, request -> request.pathParam("session"));
    this.agentFiles =
        new AgentFileRoutes(
            bytes,
            new FileAdmission(
                identity, directory, request -> Session.idOfAgent(request.pathParam("agent"))));
    this.snapshots = new SnapshotRoutes(this.bus);
    this.archive = new ArchiveRoute(vertx, this.bus);
  }

  public void add(Router router) {
    String base = "/api/sessions/:session/";
    admission.add(router, base + "*");
    router.put(base + "*").handler(BodyHandler.create(false).setBodyLimit(FileBytes.MAX));
    router.post(base + "*").handler(BodyHandler.create(false).setBodyLimit(MAX_QUESTION));
    router.get(base + "files").handler(work(this::list));
    router.get(base + "history").handler(work(this::history));
    router.get(base + "diff").handler(work(this::diff));
    router.get(base + "file").handler(work(this::content));
    router.put(base + "file").handler(work(this::put));
    router.delete(base + "file").handler(work(this::delete));
    router.post(base + "restore").handler(work(this::restore));
    snapshots.add(router, base);
    new RetentionRoutes(bus).add(router, base);
    archive.add(router, base);
    agentFiles.add(router);
    router.route("/api/sessions/*").failureHandler(FileRoutes::refuse);
    router.route(AgentFileRoutes.ALL).failureHandler(FileRoutes::refuse);
  }

  private static void refuse(RoutingContext request) {
    ProblemReply.send(
        request,
        request.statusCode() == 413
            ? new ConcertException(
                ErrorCode.FILE_TOO_LARGE, "At most 10 MiB are taken at once, and 64 KiB of JSON.")
            : request.failure());
  }

  private Future<?> list(RoutingContext request, String workspace) {
    String path = request.queryParams().contains("path") ? parameter(request, "path") : "";
    int depth = request.queryParams().contains("depth") ? (int) number(request, "depth") : 1;
    return bus.ask(request, Addresses.LIST_FILES, new ListFiles(workspace, path, depth));
  }

  private Future<?> history(RoutingContext request, String workspace) {
    return bus.ask(
        request, Addresses.READ_HISTORY, new ReadHistory(workspace, parameter(request, "path")));
  }

  private Future<?> diff(RoutingContext request, String workspace) {
    return bus.ask(
        request,
        Addresses.DIFF_FILE,
        new DiffFile(
            workspace, parameter(request, "path"), number(request, "from"), number(request, "to")));
  }

  private Future<?> content(RoutingContext request, String workspace) {
    String path = parameter(request, "path");
    return request.queryParams().contains("iteration")
        ? bytes.send(request, workspace, path, number(request, "iteration"))
        : bytes.send(request, workspace, path);
  }

  private Future<?> put(RoutingContext request, String workspace) {
    return bytes.take(request, workspace, parameter(request, "path"));
  }

  private Future<?> delete(RoutingContext request, String workspace) {
    return bus.ask(
        request, Addresses.DELETE_FILE, new DeleteFile(workspace, parameter(request, "path")));
  }

  /** Of a file, or, where no path is named, of the whole workspace. */
  private Future<?> restore(RoutingContext request, String workspace) {
    if (!request.queryParams().contains("path")) {
      return snapshots.restore(request, workspace);
    }
    return bus.ask(
        request,
        Addresses.RESTORE_FILE,
        new RestoreFile(workspace, parameter(request, "path"), number(request, "iteration")));
  }

  private static String parameter(RoutingContext request, String name) {
    return required(request, name, Function.identity());
  }

  private static long number(RoutingContext request, String name) {
    return required(
        request,
        name,
        text -> {
          if (!text.matches("\\d{1,18}")) {
            throw new ConcertException(
                ErrorCode.INVALID_MESSAGE, "The parameter '" + name + "' is no number.");
          }
          return Long.parseLong(text);
        });
  }

  private static <T> T required(RoutingContext request, String name, Function<String, T> read) {
    String text = request.queryParams().get(name);
    if (text == null) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "The parameter '" + name + "' is missing.");
    }
    return read.apply(text);
  }
}
