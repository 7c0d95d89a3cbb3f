package dev.concert.github.work;

import dev.concert.workspace.WorkspaceMessages.Transfer;
import dev.concert.workspace.WorkspaceMessages.TransferOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Workspaces as folders, behind the transfers of Chronicle. */
final class PlayedWorkspaces implements AutoCloseable {
  private static final String NODE = "local";

  private final Vertx vertx;
  private final Path root;
  private final HttpServer server;

  PlayedWorkspaces(Vertx vertx, Path root) {
    this.vertx = vertx;
    this.root = root;
    this.server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  Path folder(String session) {
    return root.resolve(session);
  }

  Future<TransferOpened> open(String session, Transfer transfer) {
    String path = "/%s/%s/%s".formatted(session, transfer, UUID.randomUUID());
    return Future.succeededFuture(new TransferOpened(NODE, server.actualPort(), path, "secret"));
  }

  private void handle(HttpServerRequest request) {
    String[] parts = request.path().split("/");
    request
        .body()
        .compose(
            body ->
                vertx.executeBlocking(
                    () ->
                        Buffer.buffer(
                            answer(
                                Files.createDirectories(folder(parts[1])),
                                Transfer.valueOf(parts[2]),
                                body.getBytes())),
                    false))
        .onSuccess(answer -> request.response().end(answer))
        .onFailure(failure -> request.response().setStatusCode(500).end(failure.toString()));
  }

  private static byte[] answer(Path folder, Transfer transfer, byte[] body) throws IOException {
    return switch (transfer) {
      case IMPORT -> bringIn(folder, body);
      case LIST -> list(folder);
      case EXPORT -> export(folder, new String(body, StandardCharsets.UTF_8));
    };
  }

  private static byte[] bringIn(Path folder, byte[] body) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(body));
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (!entry.getName().equals("CONCERT.end")) {
        Path file = folder.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, file);
          file.toFile().setExecutable((entry.getMode() & 0100) != 0);
          Files.setLastModifiedTime(file, entry.getLastModifiedTime());
        }
      }
    }
    return new byte[0];
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !folder.relativize(file).startsWith(".git"))
          .toList();
    }
  }

  private static byte[] list(Path folder) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Path file : files(folder)) {
      JsonObject line = new JsonObject().put("path", folder.relativize(file).toString());
      if (Files.isSymbolicLink(file)) {
        line.put("target", Files.readSymbolicLink(file).toString());
      } else {
        line.put("size", Files.size(file))
            .put(
                "modified",
                Files.getLastModifiedTime(file).toInstant().getEpochSecond() * 1_000_000_000L
                    + Files.getLastModifiedTime(file).toInstant().getNano())
            .put("mode", Files.isExecutable(file) ? 0100755 : 0100644);
      }
      lines.append(line.encode()).append('\n');
    }
    return lines.append("{\"end\":true}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] export(Path folder, String paths) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    for (String path : paths.isEmpty() ? new String[0] : paths.split("\0")) {
      Path file = folder.resolve(path);
      if (Files.isSymbolicLink(file)) {
        TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
        entry.setLinkName(Files.readSymbolicLink(file).toString());
        tar.putArchiveEntry(entry);
      } else {
        TarArchiveEntry entry = new TarArchiveEntry(path, true);
        entry.setSize(Files.size(file));
        entry.setMode(Files.isExecutable(file) ? 0755 : 0644);
        entry.setModTime(FileTime.fromMillis(0));
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
      }
      tar.closeArchiveEntry();
    }
    tar.finish();
    return out.toByteArray();
  }

  @Override
  public void close() {
    server.close();
  }
}
