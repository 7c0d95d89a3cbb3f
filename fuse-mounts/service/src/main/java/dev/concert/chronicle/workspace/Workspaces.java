package dev.concert.chronicle.workspace;

import dev.concert.chronicle.binding.StaleMounts;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.quota.DiskQuota;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.chronicle.view.TreeView;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.files.PrivateFiles;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workspaces of this host, in use or not. Thread-safe; every method blocks. */
public final class Workspaces implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workspaces.class);

  private static final int CLOSERS = 16;

  private final Path instances;
  private final ContentStore contents;
  private final VersioningPolicy versioning;
  private final RecordingWorkers workers = new RecordingWorkers();
  private final MountStrategy attaching;
  private final BiConsumer<String, List<Iteration>> listener;
  private final Map<String, WorkspaceHandle> handles = new ConcurrentHashMap<>();
  private volatile boolean hidden;

  private Workspaces(
      Path instances,
      ContentStore contents,
      VersioningPolicy versioning,
      MountStrategy attaching,
      BiConsumer<String, List<Iteration>> listener) {
    this.instances = instances;
    this.contents = contents;
    this.versioning = versioning;
    this.attaching = attaching;
    this.listener = listener;
  }

  /**
   * Opens the folders, making them where they are missing, and clears mounts that a killed process
   * left.
   *
   * @param listener gets the id of a workspace and its new iterations
   */
  public static Workspaces open(
      ChronicleOptions options,
      ContentStore contents,
      MountStrategy attaching,
      BiConsumer<String, List<Iteration>> listener) {
    try {
      Path instances = PrivateFiles.createDirectories(options.instances()).toRealPath();
      StaleMounts.clear(instances);
      return new Workspaces(instances, contents, options.versioning(), attaching, listener);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the instances folder", e);
    }
  }

  /** Mounts a workspace that may take all of its disk. */
  public Mounted mount(String id) {
    return mount(id, 0, DiskQuota.UNLIMITED);
  }

  /**
   * Mounts a workspace, or gives one that is mounted already this quota.
   *
   * @param owner user that all files are given to; 0 where they stay whose they are
   * @throws ConcertException when all are being closed
   */
  public Mounted mount(String id, int owner, DiskQuota quota) {
    if (hidden) {
      throw new ConcertException(ErrorCode.PODIUM_UNAVAILABLE, "The server is stopping.");
    }
    Mounted mounted = handle(id).mount(owner, quota);
    if (hidden) {
      handle(id).hide(); // it was mounted after the others were taken out of sight
    }
    return mounted;
  }

  public void unmount(String id) {
    Optional.ofNullable(handles.get(id)).ifPresent(WorkspaceHandle::unmount);
  }

  /** Unmounts and removes a workspace; one that is not there is removed already. */
  public void delete(String id) {
    handle(id).delete();
  }

  /** Answers from a workspace; empty if there is none with this id. */
  public <T> Optional<T> with(String id, Function<Workspace, T> work) {
    return WorkspaceFolder.of(instances, id).exists()
        ? Optional.of(handle(id).with(work))
        : Optional.empty();
  }

  /**
   * The id of a workspace, which has its folder afterwards: a session that never had an agent has
   * none yet.
   */
  public String existing(String workspaceId) {
    String id = WorkspaceNames.checkId(workspaceId);
    handle(id).requirePresent();
    folder(id).make();
    return id;
  }

  /** Changes a path of a workspace whose folder exists. */
  public void change(String id, String path, Consumer<LiveFiles> work) {
    handle(id).change(path, work);
  }

  /** The live files, without their history; the folder of the workspace exists. */
  public TreeView files(String id) {
    return Workspace.viewOf(folder(id).tree());
  }

  /** For files that are to come in together; the folder of the workspace exists. */
  public StagedFiles stage(String id) throws IOException {
    return handle(id).stage();
  }

  /** Brings them in, through the mount where there is one. Not on a virtual thread. */
  public List<BulkChange.Arrival> bringIn(String id, StagedFiles staged) {
    return handle(id).bringIn(staged);
  }

  /** The workspace as its master needs it; its folder exists. */
  public ReplicatedWorkspace replicated(String id, ExecutorService writers) {
    return new ReplicatedWorkspace(handle(id), folder(id).tree(), contents, writers);
  }

  WorkspaceFolder folder(String id) {
    return WorkspaceFolder.of(instances, id);
  }

  private WorkspaceHandle handle(String id) {
    return handles.computeIfAbsent(
        id,
        key ->
            new WorkspaceHandle(
                key,
                WorkspaceFolder.of(instances, key),
                contents,
                versioning,
                workers,
                attaching,
                iterations -> listener.accept(key, iterations)));
  }

  /** How many are in use. */
  public long mounted() {
    return handles.values().stream().filter(WorkspaceHandle::isMounted).count();
  }

  /** Why those that cannot enter their changes at the moment cannot, by their ids. */
  public Map<String, Throwable> failures() {
    Map<String, Throwable> found = new HashMap<>();
    handles.forEach((id, handle) -> handle.failure().ifPresent(why -> found.put(id, why)));
    return found;
  }

  /** The ids of those that are in use. */
  public List<String> inUse() {
    return handles.entrySet().stream()
        .filter(handle -> handle.getValue().isMounted())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Unmounts all of them, many at a time. First every mount is taken out of sight, which takes
   * microseconds: should the process be killed before the rest is done, no mount is left.
   */
  @Override
  public void close() {
    hide();
    try (ExecutorService closers = Executors.newFixedThreadPool(CLOSERS)) {
      handles.forEach((id, handle) -> closers.execute(() -> quietly(id, handle::unmount)));
    }
    attaching.close();
    workers.close();
  }

  /**
   * Takes every mount out of sight, waiting for nothing: neither for a reader nor for an unmount
   * that is under way. From then on nothing is mounted.
   */
  public void hide() {
    hidden = true;
    // Many at a time: other users than root need a process for each.
    try (ExecutorService closers = Executors.newFixedThreadPool(CLOSERS)) {
      handles.forEach((id, handle) -> closers.execute(() -> quietly(id, handle::hide)));
    }
  }

  private static void quietly(String id, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failure) {
      LOG.error("Cannot unmount workspace {}", id, failure);
    }
  }
}
