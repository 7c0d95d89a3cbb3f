package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.fuse.StaleMounts;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
final class Workspaces implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workspaces.class);

  private static final int CLOSERS = 16;

  private final Path instances;
  private final ContentStore contents;
  private final RecordingWorkers workers = new RecordingWorkers();
  private final Attaching attaching;
  private final BiConsumer<String, List<Iteration>> listener;
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();

  private Workspaces(
      Path instances,
      ContentStore contents,
      Attaching attaching,
      BiConsumer<String, List<Iteration>> listener) {
    this.instances = instances;
    this.contents = contents;
    this.attaching = attaching;
    this.listener = listener;
  }

  /**
   * Opens the folders, making them where they are missing, and clears mounts that a killed process
   * left.
   *
   * @param listener gets the id of a workspace and the iterations that came to be in it
   */
  static Workspaces open(
      ChronicleOptions options,
      ContentStore contents,
      Attaching attaching,
      BiConsumer<String, List<Iteration>> listener) {
    try {
      Path instances = Files.createDirectories(options.instances()).toRealPath();
      StaleMounts.clear(instances);
      return new Workspaces(instances, contents, attaching, listener);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the instances folder", e);
    }
  }

  Mounted mount(String id) {
    return slot(id).mount();
  }

  void unmount(String id) {
    Optional.ofNullable(slots.get(id)).ifPresent(Slot::unmount);
  }

  /** Answers from a workspace; empty where there is none with this id. */
  <T> Optional<T> with(String id, Function<Workspace, T> work) {
    return WorkspaceFolder.of(instances, id).exists()
        ? Optional.of(slot(id).with(work))
        : Optional.empty();
  }

  /**
   * The id of a workspace, which has its folder afterwards: a session that never had an agent has
   * none yet.
   */
  String existing(String workspaceId) {
    String id = WorkspaceNames.checkId(workspaceId);
    folder(id).make();
    return id;
  }

  /** Changes a path of a workspace whose folder exists. */
  void change(String id, String path, Consumer<LiveFiles> work) {
    slot(id).change(path, work);
  }

  /** The workspace as its master needs it; its folder exists. */
  ReplicatedWorkspace replicated(String id, ExecutorService writers) {
    return new ReplicatedWorkspace(slot(id), folder(id).tree(), contents, writers);
  }

  WorkspaceFolder folder(String id) {
    return WorkspaceFolder.of(instances, id);
  }

  private Slot slot(String id) {
    return slots.computeIfAbsent(
        id,
        key ->
            new Slot(
                key,
                WorkspaceFolder.of(instances, key),
                contents,
                workers,
                attaching,
                iterations -> listener.accept(key, iterations)));
  }

  /** How many are in use. */
  long mounted() {
    return slots.values().stream().filter(Slot::isMounted).count();
  }

  /** Why those that cannot enter their changes at the moment cannot, by their ids. */
  Map<String, Throwable> troubles() {
    Map<String, Throwable> found = new HashMap<>();
    slots.forEach((id, slot) -> slot.trouble().ifPresent(why -> found.put(id, why)));
    return found;
  }

  /** The ids of those that are in use. */
  List<String> inUse() {
    return slots.entrySet().stream()
        .filter(slot -> slot.getValue().isMounted())
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
      slots.forEach((id, slot) -> closers.execute(() -> quietly(id, slot::unmount)));
    }
    attaching.close();
    workers.close();
  }

  /** Takes every mount out of sight, waiting for nothing. */
  void hide() {
    slots.forEach((id, slot) -> quietly(id, slot::hide));
  }

  private static void quietly(String id, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failure) {
      LOG.error("Cannot unmount workspace {}", id, failure);
    }
  }
}
