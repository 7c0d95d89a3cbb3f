package dev.concert.bridges.conversation;

import dev.concert.bridges.http.FileTooLargeException;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.SentFile;
import dev.concert.error.Problem;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings the files of a message into the workspace, below {@code from-chat/}, and names them to the
 * agent. It can be repeated: the same event writes the same files.
 */
final class IncomingFiles {
  static final int MAX_FILES = 10;
  private static final String FOLDER = "from-chat/";
  private static final int MAX_NAME = 100;
  private static final String TOO_LARGE = "it is larger than 10 MiB";

  private final WorkspaceFiles files;

  IncomingFiles(WorkspaceFiles files) {
    this.files = files;
  }

  /** The text for the agent, once the files are there. */
  Future<String> bring(
      ChatPlatform platform, MemberRequest request, String sessionId, String text) {
    List<SentFile> attachments = request.event().attachments();
    if (attachments.isEmpty()) {
      return Future.succeededFuture(text);
    }
    Future<StringBuilder> all =
        Future.succeededFuture(
            new StringBuilder(text)
                .append(text.isEmpty() ? "" : "\n\n")
                .append("Files that came with this message, in your workspace:"));
    Set<String> names = new HashSet<>();
    for (SentFile attachment : attachments.subList(0, Math.min(MAX_FILES, attachments.size()))) {
      String name = unused(names, safeName(attachment.name()));
      all =
          all.compose(
              lines ->
                  bring(platform, request, sessionId, attachment, FOLDER + name)
                      .map(line -> lines.append("\n- ").append(line)));
    }
    return all.map(
        lines ->
            attachments.size() > MAX_FILES
                ? lines.append("\n- (no more than ").append(MAX_FILES).append(")").toString()
                : lines.toString());
  }

  private Future<String> bring(
      ChatPlatform platform,
      MemberRequest request,
      String sessionId,
      SentFile attachment,
      String path) {
    if (attachment.size() > WorkspaceFiles.MAX_BYTES) {
      return missing(path, TOO_LARGE);
    }
    return platform
        .fetch(request.connection(), attachment, WorkspaceFiles.MAX_BYTES)
        .transform(
            fetched -> {
              if (fetched.succeeded()) {
                return write(request, sessionId, path, fetched.result());
              }
              return fetched.cause() instanceof FileTooLargeException
                  ? missing(path, TOO_LARGE)
                  : missing(path, request.connection().platform() + " did not give it");
            });
  }

  private static Future<String> missing(String path, String reason) {
    return Future.succeededFuture("`%s` is not there: %s".formatted(path, reason));
  }

  private Future<String> write(
      MemberRequest request, String sessionId, String path, Buffer content) {
    return files
        .write(request.userId(), sessionId, path, content)
        .map("`%s` (%d bytes)".formatted(path, content.length()))
        .recover(
            failure -> {
              Problem problem = Problem.of(failure);
              return problem.code().httpStatus() >= 500
                  ? Future.failedFuture(failure)
                  : Future.succeededFuture(
                      "`%s` is not there: %s".formatted(path, problem.message()));
            });
  }

  /** Letters, digits, dots, dashes and underscores; no folder, and nothing that is hidden. */
  static String safeName(String given) {
    String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
    String safe = last.replaceAll("[^\\p{L}\\p{N}._-]+", "_").replaceAll("^[._]+", "").strip();
    if (safe.isEmpty()) {
      return "file";
    }
    int dot = safe.lastIndexOf('.');
    String end = dot > 0 && safe.length() - dot <= 12 ? safe.substring(dot) : "";
    return safe.length() <= MAX_NAME ? safe : ShortText.of(safe, MAX_NAME - end.length()) + end;
  }

  private static String unused(Set<String> names, String name) {
    String free = name;
    for (int i = 2; !names.add(free); i++) {
      free = i + "-" + name;
    }
    return free;
  }
}
