package dev.concert.automations.run;

import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.RunAccepted;
import dev.concert.automation.AutomationMessages.RunChange;
import dev.concert.automation.AutomationMessages.RunChanges;
import dev.concert.automations.run.ChangedFiles.ChangedFile;
import dev.concert.automations.store.RunRow;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.text.ShortText;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.DiffFile;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.FileWritten;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The changes of a run that began with a copy of a session's files: shows them, and brings them
 * into that session when a person accepts them. Non-blocking.
 */
public final class RunAcceptance {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_FILES = 200;
  private static final int MAX_DIFF = 20_000;
  private static final String UTF8 = "utf8";

  private final ConcertBus bus;
  private final GatewayClient gateway;

  public RunAcceptance(ConcertBus bus, GatewayClient gateway) {
    this.bus = bus;
    this.gateway = gateway;
  }

  /** What the run changed, with diffs of texts. */
  public Future<RunChanges> changes(Caller caller, RunRow run) {
    return changed(caller, run)
        .compose(
            files ->
                each(
                        files.subList(0, Math.min(MAX_FILES, files.size())),
                        file -> shown(workspace(run), file))
                    .map(shown -> new RunChanges(shown, files.size() > MAX_FILES)));
  }

  private Future<List<ChangedFile>> changed(Caller caller, RunRow run) {
    RunRow.Origin origin =
        run.origin()
            .orElseThrow(
                () ->
                    refused(
                        "This run did not begin with the files of another session, so there is"
                            + " nothing to accept. Its own session has what it made."));
    // The gateway says whether the caller may read it.
    return call(caller, "get_session", run.sessionId().orElseThrow())
        .compose(
            _ ->
                bus.request(
                    Addresses.CHANGES_SINCE,
                    new ChangesSince(workspace(run), origin.sequence()),
                    TIMEOUT))
        .map(found -> ChangedFiles.of(found.changes()));
  }

  private Future<?> call(Caller caller, String operation, String sessionId) {
    return gateway.call(
        caller.tenantId(),
        caller.userId(),
        operation,
        GatewayClient.request().put("sessionId", sessionId));
  }

  private static String workspace(RunRow run) {
    return SessionFiles.of(run.sessionId().orElseThrow());
  }

  private Future<RunChange> shown(String workspace, ChangedFile file) {
    if (file.isGone()) {
      return Future.succeededFuture(new RunChange(file.path(), file.change(), "", false));
    }
    if (file.before() > 0) {
      return bus.request(
              Addresses.DIFF_FILE,
              new DiffFile(workspace, file.path(), file.before(), file.after()),
              TIMEOUT)
          .map(
              diff ->
                  new RunChange(file.path(), file.change(), bounded(diff.text()), diff.binary()));
    }
    return content(workspace, file)
        .map(
            content ->
                content.encoding().equals(UTF8)
                    ? new RunChange(file.path(), file.change(), added(content.content()), false)
                    : new RunChange(file.path(), file.change(), "", true))
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.FILE_TOO_LARGE
                    ? Future.succeededFuture(new RunChange(file.path(), file.change(), "", true))
                    : Future.failedFuture(failure));
  }

  private static String added(String text) {
    List<String> lines = text.lines().toList();
    return bounded(
        lines.stream()
            .map(line -> "+" + line + "\n")
            .collect(Collectors.joining("", "@@ -0,0 +1,%d @@\n".formatted(lines.size()), "")));
  }

  private static String bounded(String diff) {
    return diff.length() <= MAX_DIFF ? diff : ShortText.of(diff, MAX_DIFF) + "\n…\n";
  }

  private Future<FileContent> content(String workspace, ChangedFile file) {
    return bus.request(Addresses.READ_FILE, new ReadFile(workspace, file.path()), TIMEOUT);
  }

  /**
   * Brings the changes into the session that the files came from, after a snapshot of it. Where a
   * file there is not any more what the run began with, nothing is changed.
   */
  public Future<RunAccepted> accept(Caller caller, RunRow run) {
    return changed(caller, run)
        .compose(
            files -> {
              if (files.isEmpty()) {
                return Future.succeededFuture(new RunAccepted(0, 0, null));
              }
              String source = run.origin().orElseThrow().sessionId();
              String target = SessionFiles.of(source);
              return each(files, file -> merge(workspace(run), target, file))
                  .map(RunAcceptance::withoutConflicts)
                  .compose(
                      merges ->
                          merges.isEmpty()
                              ? Future.succeededFuture(new RunAccepted(0, 0, null))
                              : snapshot(caller, source, run)
                                  .compose(
                                      snapshot ->
                                          each(merges, merge -> write(target, merge))
                                              .map(written -> accepted(merges, snapshot))));
            });
  }

  private static RunAccepted accepted(List<Merge> merges, String snapshot) {
    int deleted = (int) merges.stream().filter(merge -> merge.content().isEmpty()).count();
    return new RunAccepted(merges.size() - deleted, deleted, snapshot);
  }

  /**
   * A file to be written.
   *
   * @param expected hash of what is replaced; empty where there must be nothing
   * @param content Base64; empty to delete the file
   * @param isConflict whether the session has another file there by now
   * @param isDone whether the session has this content already
   */
  private record Merge(
      String path, String expected, Optional<String> content, boolean isConflict, boolean isDone) {}

  private Future<Merge> merge(String workspace, String target, ChangedFile file) {
    return before(workspace, file)
        .compose(
            before ->
                present(target, file.path())
                    .compose(
                        now ->
                            file.isGone()
                                ? Future.succeededFuture(
                                    new Merge(
                                        file.path(),
                                        now,
                                        Optional.empty(),
                                        !now.isEmpty() && !now.equals(before),
                                        now.isEmpty()))
                                : content(workspace, file)
                                    .map(
                                        content ->
                                            new Merge(
                                                file.path(),
                                                now,
                                                Optional.of(base64(content)),
                                                !now.equals(before) && !now.equals(content.hash()),
                                                now.equals(content.hash())))));
  }

  /** Hash of the file that the run began with; empty where there was none. */
  private Future<String> before(String workspace, ChangedFile file) {
    if (!file.wasThere() || !file.hash().isEmpty()) {
      return Future.succeededFuture(file.hash());
    }
    return history(workspace, file.path())
        .map(
            history ->
                history.stream()
                    .filter(one -> one.iteration() == file.before())
                    .map(FileIteration::hash)
                    .findFirst()
                    .orElse(""));
  }

  /** Hash of the current content of the file; an empty string if there is no such file. */
  private Future<String> present(String workspace, String path) {
    return history(workspace, path)
        .map(history -> history.isEmpty() ? "" : history.getLast().hash());
  }

  private Future<List<FileIteration>> history(String workspace, String path) {
    return bus.request(Addresses.READ_HISTORY, new ReadHistory(workspace, path), TIMEOUT)
        .map(history -> history.iterations())
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.FILE_NOT_FOUND
                    ? Future.succeededFuture(List.of())
                    : Future.failedFuture(failure));
  }

  private static String base64(FileContent content) {
    return content.encoding().equals(UTF8)
        ? Base64.getEncoder().encodeToString(content.content().getBytes(StandardCharsets.UTF_8))
        : content.content();
  }

  private static List<Merge> withoutConflicts(List<Merge> merges) {
    String conflicts =
        merges.stream()
            .filter(Merge::isConflict)
            .map(Merge::path)
            .limit(10)
            .collect(Collectors.joining(", "));
    if (!conflicts.isEmpty()) {
      throw refused(
          "Nothing was accepted: these files of the session are not what the run began with: "
              + conflicts
              + ". Run the automation again, or take the files from the run's session.");
    }
    return merges.stream().filter(merge -> !merge.isDone()).toList();
  }

  /** The gateway says whether the caller may change the session. */
  private Future<String> snapshot(Caller caller, String source, RunRow run) {
    String name = "before-" + run.id();
    return gateway
        .call(
            caller.tenantId(),
            caller.userId(),
            "create_snapshot",
            GatewayClient.request().put("sessionId", source).put("name", name))
        .map(name)
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.SNAPSHOT_EXISTS
                    ? Future.succeededFuture(name)
                    : Future.failedFuture(failure));
  }

  private Future<FileWritten> write(String target, Merge merge) {
    List<String> expected = merge.expected().isEmpty() ? null : List.of(merge.expected());
    return merge.content().isEmpty()
        ? bus.request(
            Addresses.DELETE_FILE, new DeleteFile(target, merge.path(), expected), TIMEOUT)
        : bus.request(
            Addresses.WRITE_FILE,
            new WriteFile(target, merge.path(), merge.content().get(), expected),
            TIMEOUT);
  }

  private static ConcertException refused(String why) {
    return new ConcertException(ErrorCode.PRECONDITION_FAILED, why);
  }

  /** One after the other: a run may have changed many files. */
  private static <T, R> Future<List<R>> each(List<T> all, Function<T, Future<R>> work) {
    List<R> results = new ArrayList<>();
    Future<Void> done = Future.succeededFuture();
    for (T one : all) {
      done =
          done.compose(_ -> work.apply(one))
              .map(
                  result -> {
                    results.add(result);
                    return null;
                  });
    }
    return done.map(results);
  }
}
