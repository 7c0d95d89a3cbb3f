package dev.concert.platform.project;

import dev.concert.chronicle.localsync.ThreeWayMerge;
import dev.concert.foundation.files.PrivateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The three places that a file of a session's project is in: the user's folder, the base and the
 * mirror. Says what each side changed, and brings the user's changes into the mirror. Killed at any
 * moment, it does the rest when it is called again. Blocking.
 */
final class ProjectSession {
  /** Longest text that is merged, bytes. */
  static final int LONGEST_TEXT = 1024 * 1024;

  /** A file that changed so shortly before it was read may change again without a trace. */
  private static final long RACY_MS = 2_000;

  private static final String IGNORE = ".gitignore";
  private static final String ARRIVED = "arrived";

  private final Path folder;
  private final ProjectTree user;
  private final ProjectTree base;
  private final ProjectTree mirror;
  private final ProjectTree incoming;

  private final ProjectIndex index;

  private ProjectSession(Path folder, Path root, ProjectIndex index) {
    this.folder = folder;
    this.index = index;
    this.user = new ProjectTree(root, true);
    this.base = new ProjectTree(folder.resolve("base"), false);
    this.mirror = new ProjectTree(folder.resolve("mirror"), false);
    this.incoming = new ProjectTree(folder.resolve("incoming"), false);
  }

  static ProjectSession open(Path folder, Path root) throws IOException {
    PrivateFiles.createDirectories(folder);
    ProjectSession session = new ProjectSession(folder, root, ProjectIndex.read(folder));
    for (ProjectTree tree : List.of(session.base, session.mirror, session.incoming)) {
      PrivateFiles.createDirectories(tree.root());
    }
    if (!ProjectIndex.exists(folder)) {
      session.index.touched().addAll(session.mirror.paths());
      session.index.touched().addAll(session.base.paths());
    }
    return session;
  }

  ProjectTree user() {
    return user;
  }

  ProjectTree base() {
    return base;
  }

  ProjectTree mirror() {
    return mirror;
  }

  Optional<ProjectState> state() throws IOException {
    return ProjectState.read(folder);
  }

  void remember(ProjectState state) throws IOException {
    ProjectStore.write(folder.resolve(ProjectState.FILE), state);
  }

  MirrorRules rules() throws IOException {
    return new MirrorRules(mirror.root(), index.user().keySet());
  }

  ProjectIndex index() {
    return index;
  }

  /**
   * What the user may have changed since the base.
   *
   * @param present all paths of the project
   * @param paths those that the folder may have otherwise than the base
   * @param seen what each of them looks like now
   */
  record UserChanges(Set<String> present, List<String> paths, Map<String, FileSignature> seen) {}

  /**
   * Looks for what the user changed since the base; changes nothing.
   *
   * @param files paths of the project as the repository lists them
   * @param takenAt when the base was read, milliseconds since 1970
   * @param notice receives a sentence for what is left out
   */
  UserChanges userChanges(Set<String> files, long takenAt, Consumer<String> notice)
      throws IOException {
    Set<String> present = present(files, notice);
    Map<String, FileSignature> seen = new HashMap<>();
    return new UserChanges(present, changed(present, takenAt, seen), seen);
  }

  /**
   * Brings what the user changed into base and mirror.
   *
   * @param notice receives a sentence for what is merged or replaced
   * @return how many files changed
   */
  int take(UserChanges changes, Consumer<String> notice) throws IOException {
    List<String> changed = changes.paths();
    if (changed.isEmpty()) {
      return 0;
    }
    Set<String> unsent = new HashSet<>(index.unsent());
    // Before the first of them is in the mirror, so that one that a kill cut is sent later.
    index.unsent().addAll(changed);
    index.write();
    List<String> taken = take(changed, changes.present(), notice);
    index.unsent().clear();
    index.unsent().addAll(unsent);
    index.unsent().addAll(taken);
    index.user().keySet().retainAll(changes.present());
    index.user().putAll(changes.seen());
    index.write();
    return taken.size();
  }

  /** Whether base and mirror have nothing yet, or half of a first copy that a kill cut. */
  boolean isNew() throws IOException {
    return index.user().isEmpty() && state().isEmpty();
  }

  /** Those of a project's paths that take part. */
  static Set<String> present(Set<String> files, Consumer<String> notice) {
    Set<String> present = new TreeSet<>();
    for (String path : files) {
      if (path.endsWith("/")) {
        notice.accept(path + " is a repository of its own and stays out.");
      } else if (!MirrorRules.isGitsOwn(path)) {
        present.add(path);
      }
    }
    return present;
  }

  /**
   * Brings all files of the user into base and mirror where these are new.
   *
   * @param sink gets each of them
   * @return how many there are
   */
  int takeAll(Set<String> present, Consumer<String> notice, FirstCopy.Sink sink)
      throws IOException {
    for (ProjectTree tree : List.of(base, mirror)) {
      WorkspaceGit.deleteAll(tree.root());
      PrivateFiles.createDirectories(tree.root());
    }
    Map<String, FileSignature> taken =
        new FirstCopy(user, base, mirror, notice, sink).take(present);
    index.user().putAll(taken);
    return taken.size();
  }

  /**
   * Paths that the user's folder may have otherwise than the base.
   *
   * @param seen gets what each file looks like now
   */
  private List<String> changed(Set<String> present, long takenAt, Map<String, FileSignature> seen)
      throws IOException {
    List<String> changed = new ArrayList<>(index.user().keySet());
    changed.removeAll(present);
    Collections.sort(changed);
    try (FolderCursor cursor = new FolderCursor(user.root())) {
      for (String path : present) {
        Optional<FileSignature> now = look(cursor, path);
        Optional<FileSignature> before = Optional.ofNullable(index.user().get(path));
        if (now.isEmpty() || !now.equals(before) || now.get().isSince(takenAt - RACY_MS)) {
          changed.add(path);
          now.ifPresent(signature -> seen.put(path, signature));
        }
      }
    }
    return changed;
  }

  /** Empty where there is nothing, or nothing that can be read. */
  private static Optional<FileSignature> look(FolderCursor cursor, String path) throws IOException {
    try {
      return cursor
          .look(path)
          .filter(file -> file.isRegular() || file.isSymlink())
          .map(FileSignature::of);
    } catch (AccessDeniedException unreadable) {
      return Optional.empty();
    }
  }

  private List<String> take(List<String> changed, Set<String> present, Consumer<String> notice)
      throws IOException {
    List<String> taken = new ArrayList<>();
    // What is gone first: a file may have taken the place of a folder.
    for (boolean deletions : new boolean[] {true, false}) {
      for (String path : changed) {
        PathContent now = present.contains(path) ? regular(path, notice) : PathContent.NOTHING;
        if (now.isNothing() == deletions && take(path, now, notice)) {
          taken.add(path);
        }
      }
    }
    return taken;
  }

  private PathContent regular(String path, Consumer<String> notice) throws IOException {
    try {
      PathContent content = user.content(path);
      if (content.type() != PathContent.Type.OTHER) {
        return content;
      }
      return PathContent.NOTHING;
    } catch (AccessDeniedException unreadable) {
      notice.accept(path + " cannot be read by you and stays as it was.");
      return base.content(path);
    }
  }

  private boolean take(String path, PathContent now, Consumer<String> notice) throws IOException {
    PathContent before = base.content(path);
    if (now.equals(before)) {
      return false;
    }
    incoming.delete(ARRIVED);
    if (!now.isNothing()) {
      incoming.copy(user, path, ARRIVED);
    }
    PathContent agents = mirror.content(path);
    if (agents.equals(before)) {
      mirror.share(incoming, ARRIVED, path);
    } else if (!agents.equals(now)) {
      index.touched().add(path);
      Optional<byte[]> merged = merge(base, path, mirror, path, incoming, ARRIVED);
      if (merged.isPresent()) {
        boolean runs = now.executable();
        mirror.write(path, runs, new ByteArrayInputStream(merged.get()), Optional.empty());
        notice.accept(path + ": your changes and the agent's are merged.");
      } else {
        mirror.copy(incoming, ARRIVED, path);
        notice.accept(
            path + ": you and the agent changed the same lines. Your file replaces the agent's.");
      }
    }
    // Last, so that what a kill cut is done again.
    base.share(incoming, ARRIVED, path);
    return true;
  }

  /** Three texts put together; empty where that is not possible. */
  static Optional<byte[]> merge(
      ProjectTree base,
      String basePath,
      ProjectTree one,
      String onePath,
      ProjectTree other,
      String otherPath)
      throws IOException {
    if (!base.content(basePath).isFile()
        || !one.content(onePath).isFile()
        || !other.content(otherPath).isFile()) {
      return Optional.empty();
    }
    Optional<byte[]> first = base.bytes(basePath, LONGEST_TEXT);
    Optional<byte[]> second = one.bytes(onePath, LONGEST_TEXT);
    Optional<byte[]> third = other.bytes(otherPath, LONGEST_TEXT);
    return first.isEmpty() || second.isEmpty() || third.isEmpty()
        ? Optional.empty()
        : ThreeWayMerge.merge(first.get(), second.get(), third.get());
  }

  /** What the agent changed since the base. Nothing of any {@code .git}. */
  List<ProjectChange> agentChanges(GitRepository repository) throws IOException {
    Set<String> all = new TreeSet<>(index.touched());
    Set<String> created = new TreeSet<>(all);
    created.removeAll(index.user().keySet());
    all.removeAll(repository.ignored(created));
    List<ProjectChange> changes = new ArrayList<>();
    for (String path : all) {
      if (!MirrorRules.isGitsOwn(path) && !ProjectTree.isSurelySame(base, mirror, path, 0)) {
        PathContent before = base.content(path);
        PathContent after = mirror.content(path);
        if (!before.equals(after)) {
          changes.add(new ProjectChange(path, before, after, runsCode(path, after)));
        }
      }
    }
    return changes;
  }

  private boolean runsCode(String path, PathContent after) throws IOException {
    return CodeRunningFiles.has(path)
        || unignores(path, after)
        || after.type() == PathContent.Type.SYMLINK
            && CodeRunningFiles.leadsOut(path, mirror.target(path));
  }

  /**
   * Whether a change of ignore rules could show the next agent what was hidden from this one: a
   * line is gone, or one takes a path back.
   */
  private boolean unignores(String path, PathContent after) throws IOException {
    if (!path.equals(IGNORE) && !path.endsWith("/" + IGNORE)) {
      return false;
    }
    if (!after.isFile()) {
      return true;
    }
    List<String> before = lines(base, path);
    List<String> now = lines(mirror, path);
    return !new HashSet<>(now).containsAll(before)
        || now.stream().anyMatch(line -> line.startsWith("!") && !before.contains(line));
  }

  private static List<String> lines(ProjectTree tree, String path) throws IOException {
    return tree.content(path).isFile()
        ? tree.bytes(path, LONGEST_TEXT)
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
            .orElse(List.of())
        : List.of();
  }
}
