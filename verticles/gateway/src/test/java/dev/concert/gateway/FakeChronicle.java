package dev.concert.gateway;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.FileWritten;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import io.vertx.core.Future;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Chronicle's side of the bus, played by the test: files of text in memory. */
final class FakeChronicle {
  final Map<String, String> files = new ConcurrentHashMap<>();
  final List<WriteFile> writes = new CopyOnWriteArrayList<>();
  volatile Optional<ErrorCode> refusedWrites = Optional.empty();

  /** Files that are too large to be read whole and have no iteration yet. */
  final Set<String> unrecorded = ConcurrentHashMap.newKeySet();

  /** What an agent does after a write arrived, and before it is made. */
  volatile Runnable meanwhile = () -> {};

  /**
   * @param podium plays the rest of Chronicle: one service has one endpoint
   */
  FakeChronicle(FakePodium podium) {
    ConcertBus bus = podium.bus;
    bus.serve(Addresses.READ_FILE, this::read);
    bus.serve(Addresses.WRITE_FILE, this::write);
  }

  private Future<FileContent> read(ReadFile request) {
    String text = files.get(request.path());
    if (text == null) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.FILE_NOT_FOUND, "There is no file " + request.path() + "."));
    }
    if (unrecorded.contains(request.path()) && request.piece() == null) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.FILE_TOO_LARGE, "The file is too large."));
    }
    String hash = unrecorded.contains(request.path()) ? "" : hash(text);
    return Future.succeededFuture(
        new FileContent(request.path(), "utf8", text, text.length(), 1, hash));
  }

  private static String hash(String text) {
    return Integer.toHexString(text.hashCode());
  }

  private boolean isExpected(WriteFile request) {
    String now = files.get(request.path());
    return now != null
        && (request.expected().contains("*")
            || !unrecorded.contains(request.path()) && request.expected().contains(hash(now)));
  }

  private Future<FileWritten> write(WriteFile request) {
    if (refusedWrites.isPresent()) {
      return Future.failedFuture(
          new ConcertException(refusedWrites.get(), "The workspace is full."));
    }
    meanwhile.run();
    if (request.expected() != null && !isExpected(request)) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.PRECONDITION_FAILED, "It was changed."));
    }
    writes.add(request);
    files.put(request.path(), new String(Base64.getDecoder().decode(request.content())));
    return Future.succeededFuture(
        new FileWritten(request.path(), 1, hash(files.get(request.path()))));
  }
}
