package dev.concert.gateway.files;

import static dev.concert.gateway.files.WorkspaceBus.work;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.http.ProblemReply;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.DiffFile;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.ListFiles;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
 * <p>Every change is an iteration like any other: clients hear {@code file_changed}.
 */
public final class FileRoutes {
  private static final long MAX_BODY = 10L << 20;
  private static final long MAX_QUESTION = 64 << 10;

  private final WorkspaceBus bus;
  private final FileAdmission admission;
  private final SnapshotRoutes snapshots;
  private final ArchiveRoute archive;

  /**
   * @param directory asked for with each request, since there is none before the gateway listens
   */
  public FileRoutes(
      Vertx vertx, ConcertBus bus, HttpIdentity identity, Supplier<SessionDirectory> directory) {
    this.bus = new WorkspaceBus(bus);
    this.admission = new FileAdmission(identity, directory);
    this.snapshots = new SnapshotRoutes(this.bus);
    this.archive = new ArchiveRoute(vertx, this.bus);
  }

  public void add(Router router) {
    String base = "/api/sessions/:session/";
    admission.add(router, base + "*");
    router.put(base + "*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
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
    router.route("/api/sessions/*").failureHandler(FileRoutes::refuse);
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
    Future<FileContent> content =
        request.queryParams().contains("iteration")
            ? bus.request(
                Addresses.READ_ITERATION,
                new ReadIteration(workspace, path, number(request, "iteration")))
            : bus.request(Addresses.READ_FILE, new ReadFile(workspace, path));
    return content.onSuccess(found -> send(request, found));
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

  private Future<?> put(RoutingContext request, String workspace) {
    Buffer body = request.body().buffer();
    byte[] bytes = body == null ? new byte[0] : body.getBytes();
    return bus.ask(
        request,
        Addresses.WRITE_FILE,
        new WriteFile(
            workspace, parameter(request, "path"), Base64.getEncoder().encodeToString(bytes)));
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
