package dev.concert.coordinator.harness;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Plays Chronicle: real folders, and changes as the test says. Where nothing was said, each file of
 * the folder counts as one change.
 */
public final class FakeChronicle {
  private final ConcertBus bus;
  private final Path root;
  private final List<FileChange> changes = new CopyOnWriteArrayList<>();
  private final Set<String> mounted = ConcurrentHashMap.newKeySet();
  private final List<ChangesSince> questions = new CopyOnWriteArrayList<>();
  private volatile boolean answers = true;

  FakeChronicle(ConcertBus bus, Path root) {
    this.bus = bus;
    this.root = root;
    bus.serve(Addresses.MOUNT_WORKSPACE, this::mount);
    bus.serve(
        Addresses.UNMOUNT_WORKSPACE,
        request -> {
          mounted.remove(request.workspaceId());
          return Future.succeededFuture(Accepted.ACCEPTED);
        });
    bus.serve(Addresses.CHANGES_SINCE, this::changesSince);
  }

  private Future<Mounted> mount(Mount request) {
    if (!answers) {
      return Promise.<Mounted>promise().future();
    }
    try {
      Path folder = Files.createDirectories(root.resolve(request.workspaceId()));
      if (request.owner() != 0) {
        Files.setAttribute(folder, "unix:uid", request.owner());
        Files.setAttribute(folder, "unix:gid", request.owner());
      }
      mounted.add(request.workspaceId());
      return Future.succeededFuture(
          new Mounted("../" + root.getFileName() + "/" + folder.getFileName(), "folder"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Future<FileChanges> changesSince(ChangesSince request) {
    questions.add(request);
    if (!answers) {
      return Promise.<FileChanges>promise().future();
    }
    List<FileChange> of =
        changes.stream()
            .filter(change -> change.workspaceId().equals(request.workspaceId()))
            .toList();
    return Future.succeededFuture(
        new FileChanges(
            of.stream().filter(change -> change.sequence() > request.sequence()).toList(),
            of.size()));
  }

  /** From now on no request is answered, or again each. */
  public void answers(boolean does) {
    answers = does;
  }

  /** A change comes to be; it is announced or only known. */
  public void change(String workspaceId, String path, boolean announced) {
    List<FileChange> of = new ArrayList<>(changes);
    of.removeIf(change -> !change.workspaceId().equals(workspaceId));
    FileChange change =
        new FileChange(workspaceId, of.size() + 1L, path, "created", 1, 13, "hash", 0, null);
    changes.add(change);
    if (announced) {
      bus.publish(Addresses.FILE_CHANGED, change);
    }
  }

  public boolean isMounted(String workspaceId) {
    return mounted.contains(workspaceId);
  }

  public List<ChangesSince> questions() {
    return questions;
  }

  public Path folder(String workspaceId) {
    return root.resolve(workspaceId);
  }
}
