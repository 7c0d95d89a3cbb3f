package dev.concert.chronicle.localsync;

import dev.concert.chronicle.localsync.folder.IgnoreRules;
import dev.concert.chronicle.replication.LiveWorkspace;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.master.MasterOptions;
import dev.concert.chronicle.replication.transport.UnixListener;
import dev.concert.chronicle.replication.transport.UnixTransport;
import dev.concert.chronicle.replication.wire.PathVersion;
import dev.concert.chronicle.replication.wire.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A workspace, a person's folder, and a sync between them. */
final class SyncStage implements AutoCloseable {
  final LiveWorkspace workspace;
  final Path folder;
  final Path state;
  final Path socket;
  private final Master master;
  private final UnixListener listener;
  private final Set<Transport> open = ConcurrentHashMap.newKeySet();
  private volatile boolean down;
  Notes notes = new Notes();
  LocalSync sync;

  SyncStage(Path place) throws IOException {
    folder = Files.createDirectories(place.resolve("folder")).toRealPath();
    state = place.resolve("state");
    workspace = new LiveWorkspace(place.resolve("workspace"));
    master = new Master("w", workspace, MasterOptions.of(place.resolve("staging")));
    workspace.onIterations(master::advanced);
    socket = place.resolve("s.sock");
    listener = UnixListener.listen(socket, master::accept);
  }

  /** What the sync said. */
  static final class Notes implements SyncListener {
    final List<String> received = new CopyOnWriteArrayList<>();
    final List<String> sent = new CopyOnWriteArrayList<>();
    final List<String> leftOut = new CopyOnWriteArrayList<>();
    final List<Conflict> conflicts = new CopyOnWriteArrayList<>();
    final List<String> merged = new CopyOnWriteArrayList<>();
    final List<String> moved = new CopyOnWriteArrayList<>();
    final List<String> delayed = new CopyOnWriteArrayList<>();
    final List<String> halted = new CopyOnWriteArrayList<>();
    final List<String> disconnected = new CopyOnWriteArrayList<>();

    @Override
    public void received(String path, PathVersion version) {
      received.add(path);
    }

    @Override
    public void sent(String path, PathVersion version) {
      sent.add(path);
    }

    @Override
    public void leftOut(String path, String reason) {
      leftOut.add(path + ": " + reason);
    }

    @Override
    public void delayed(String path, String reason) {
      delayed.add(path + ": " + reason);
    }

    @Override
    public void conflict(Conflict conflict) {
      conflicts.add(conflict);
    }

    @Override
    public void merged(String path) {
      merged.add(path);
    }

    @Override
    public void movedAside(String path, String name) {
      moved.add(path + " to " + name);
    }

    @Override
    public void disconnected(String why) {
      disconnected.add(why);
    }

    @Override
    public void halted(String sentence) {
      halted.add(sentence);
    }
  }

  private Transport connect() throws IOException {
    if (down) {
      throw new IOException("the wire is cut");
    }
    Transport transport = UnixTransport.connect(socket);
    open.add(transport);
    if (down) {
      // It was cut meanwhile, and this one was not seen.
      transport.close();
      throw new IOException("the wire is cut");
    }
    return transport;
  }

  void down(boolean isDown) {
    down = isDown;
    if (isDown) {
      open.forEach(Transport::close);
      open.clear();
    }
  }

  SyncStage start(ConflictPolicy policy) {
    return start(policy, false);
  }

  SyncStage start(ConflictPolicy policy, boolean allowDeletions) {
    notes = new Notes();
    sync = LocalSync.open(options("s1", policy, allowDeletions), this::connect, notes);
    return this;
  }

  SyncOptions options(String session, ConflictPolicy policy, boolean allowDeletions) {
    return new SyncOptions(folder, state, session, policy, Duration.ofMillis(20), allowDeletions);
  }

  LocalSync open(SyncOptions options) {
    return LocalSync.open(options, this::connect, new Notes());
  }

  void stop() {
    sync.close();
    sync = null;
  }

  /** Both sides are equal, apart from conflicts. */
  void settle() {
    try {
      sync.settle().get(3, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError("It did not settle: " + sync.status().join(), e);
    }
  }

  void write(String path, String text) {
    try {
      Files.createDirectories(folder.resolve(path).getParent());
      Files.writeString(folder.resolve(path), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String path) {
    try {
      return Files.readString(folder.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Contents of all files by path. */
  Map<String, String> local() {
    Map<String, String> files = new TreeMap<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              String path = folder.relativize(file).toString();
              if (file.getFileName().toString().startsWith(IgnoreRules.TEMPORARY)
                  || path.startsWith(".git/") && !path.equals(".git/HEAD")) {
                return FileVisitResult.CONTINUE; // may be gone at any moment, or are no texts
              }
              files.put(
                  path,
                  attributes.isSymbolicLink()
                      ? "-> " + Files.readSymbolicLink(file)
                      : Files.readString(file, StandardCharsets.UTF_8));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Contents of all files of the workspace by path. */
  Map<String, String> upstream() {
    Map<String, String> files = new TreeMap<>();
    workspace
        .snapshot()
        .live()
        .forEach(
            live -> {
              byte[] bytes = new byte[(int) live.size()];
              try (var open = workspace.content(live.hash(), live.size()).orElseThrow()) {
                open.content().read(bytes, 0);
              }
              String text = new String(bytes, StandardCharsets.UTF_8);
              files.put(live.path(), live.kind().name().equals("SYMLINK") ? "-> " + text : text);
            });
    return files;
  }

  @Override
  public void close() {
    if (sync != null) {
      stop();
    }
    listener.close();
    master.close();
    workspace.close();
  }
}
