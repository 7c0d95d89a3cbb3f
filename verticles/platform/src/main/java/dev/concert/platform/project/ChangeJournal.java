package dev.concert.platform.project;

import dev.concert.foundation.files.PrivateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Changes the user's files, and can take that back. Each application is a folder with a plan and
 * all contents, written before the first file is touched: one that a kill cut is carried out to its
 * end by {@link #recover}. For one thread, which holds the project's lock; blocking.
 */
final class ChangeJournal {
  private static final String PLAN = "plan.json";
  private static final String DONE = "done";
  private static final String UNDONE = "undone";
  private static final int KEPT = 20;

  private final Path folder;
  private final Consumer<String> progress;

  /**
   * @param folder for the applications
   * @param progress receives the path of each file that was changed
   */
  ChangeJournal(Path folder, Consumer<String> progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /** Brings these changes of the agent into the user's folder. */
  ApplyResult apply(ProjectSession session, Path ofSession, List<ProjectChange> changes)
      throws IOException {
    long number = all().isEmpty() ? 1 : all().lastKey() + 1;
    Path place = PrivateFiles.createDirectories(folder.resolve(Long.toString(number)));
    List<String> conflicts = new ArrayList<>();
    List<ApplyPlan.Step> steps = new ArrayList<>();
    Contents contents = Contents.in(place);
    for (ProjectChange change : inOrder(changes)) {
      Optional<ApplyPlan.Step> step = contents.plan(session, change, steps.size());
      step.ifPresentOrElse(steps::add, () -> conflicts.add(change.path()));
    }
    if (steps.isEmpty()) {
      WorkspaceGit.deleteAll(place);
      return new ApplyResult(List.of(), conflicts);
    }
    ProjectStore.write(
        place.resolve(PLAN),
        new ApplyPlan(
            ofSession.getFileName().toString(),
            ofSession.toString(),
            session.user().root().toString(),
            steps));
    ApplyResult result = carryOut(place, session);
    conflicts.addAll(result.conflicts());
    forgetOld();
    return new ApplyResult(result.changed(), conflicts);
  }

  /** What is deleted comes first: a file may take the place of a folder. */
  private static List<ProjectChange> inOrder(List<ProjectChange> changes) {
    return changes.stream()
        .sorted(Comparator.comparing((ProjectChange change) -> !change.after().isNothing()))
        .toList();
  }

  private ApplyResult carryOut(Path place, ProjectSession session) throws IOException {
    ApplyPlan plan = ProjectStore.read(place.resolve(PLAN), ApplyPlan.class);
    Contents contents = Contents.in(place);
    List<String> changed = new ArrayList<>();
    List<String> conflicts = new ArrayList<>();
    for (int i = 0; i < plan.steps().size(); i++) {
      ApplyPlan.Step step = plan.steps().get(i);
      String name = Integer.toString(i);
      if (bring(session.user(), step.path(), step.before(), step.after(), contents.after(), name)) {
        session.base().copy(contents.after(), name, step.path());
        session.index().user().put(step.path(), FileSignature.UNKNOWN);
        if (step.merged()) {
          session.mirror().copy(contents.after(), name, step.path());
        }
        changed.add(step.path());
      } else {
        conflicts.add(step.path());
      }
      progress.accept(step.path());
    }
    session.index().write();
    PrivateFiles.create(place.resolve(DONE));
    return new ApplyResult(changed, conflicts);
  }

  /** Changes one file that is still as expected; whether it is as wanted then. */
  private static boolean bring(
      ProjectTree user,
      String path,
      PathContent expected,
      PathContent wanted,
      ProjectTree contents,
      String name)
      throws IOException {
    PathContent now = user.content(path);
    if (now.equals(wanted)) {
      return true;
    }
    if (!now.equals(expected)) {
      return false;
    }
    try {
      user.copy(contents, name, path);
    } catch (IOException refused) {
      // A symlink or a file is where a folder has to be, or the folder is read-only.
      return false;
    }
    return user.content(path).equals(wanted);
  }

  /** Carries out what a kill cut. Answers what it did, which is nothing in most cases. */
  List<ApplyResult> recover() throws IOException {
    List<ApplyResult> results = new ArrayList<>();
    for (Path place : all().values()) {
      if (!Files.exists(place.resolve(PLAN))) {
        WorkspaceGit.deleteAll(place);
      } else if (!Files.exists(place.resolve(DONE))) {
        results.add(carryOut(place, session(place)));
      }
    }
    return results;
  }

  private static ProjectSession session(Path place) throws IOException {
    ApplyPlan plan = ProjectStore.read(place.resolve(PLAN), ApplyPlan.class);
    return ProjectSession.open(Path.of(plan.folder()), Path.of(plan.root()));
  }

  /** Takes back the last application that was not taken back; empty if there is none. */
  Optional<ApplyResult> undo() throws IOException {
    recover();
    for (Path place : all().descendingMap().values()) {
      if (!Files.exists(place.resolve(UNDONE))) {
        return Optional.of(undo(place));
      }
    }
    return Optional.empty();
  }

  private ApplyResult undo(Path place) throws IOException {
    ApplyPlan plan = ProjectStore.read(place.resolve(PLAN), ApplyPlan.class);
    ProjectTree user = new ProjectTree(Path.of(plan.root()), true);
    Contents contents = Contents.in(place);
    List<String> changed = new ArrayList<>();
    List<String> conflicts = new ArrayList<>();
    // Backwards: a folder comes back after the file that took its place is gone.
    for (int i = plan.steps().size() - 1; i >= 0; i--) {
      ApplyPlan.Step step = plan.steps().get(i);
      String name = Integer.toString(i);
      boolean isBack =
          bring(user, step.path(), step.after(), step.before(), contents.before(), name);
      (isBack ? changed : conflicts).add(step.path());
      progress.accept(step.path());
    }
    PrivateFiles.create(place.resolve(UNDONE));
    return new ApplyResult(changed, conflicts);
  }

  private TreeMap<Long, Path> all() throws IOException {
    TreeMap<Long, Path> found = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> places = Files.newDirectoryStream(folder)) {
        for (Path place : places) {
          found.put(Long.parseLong(place.getFileName().toString()), place);
        }
      }
    }
    return found;
  }

  private void forgetOld() throws IOException {
    SortedMap<Long, Path> known = all();
    if (known.size() > KEPT) {
      known.headMap(known.lastKey() - KEPT + 1).values().forEach(WorkspaceGit::deleteAll);
    }
  }

  /** The contents of one application: files with the numbers of its steps. */
  private record Contents(ProjectTree before, ProjectTree after) {
    static Contents in(Path place) throws IOException {
      return new Contents(
          new ProjectTree(PrivateFiles.createDirectories(place.resolve("before")), true),
          new ProjectTree(PrivateFiles.createDirectories(place.resolve("after")), true));
    }

    /** Empty where the user changed the file as well, so that the two cannot be put together. */
    Optional<ApplyPlan.Step> plan(ProjectSession session, ProjectChange change, int number)
        throws IOException {
      String path = change.path();
      String name = Integer.toString(number);
      PathContent now = session.user().content(path);
      if (now.type() == PathContent.Type.OTHER) {
        return Optional.empty();
      }
      Optional<byte[]> merged = Optional.empty();
      if (!now.equals(change.before()) && !now.equals(change.after())) {
        merged =
            ProjectSession.merge(
                session.base(), path, session.user(), path, session.mirror(), path);
        if (merged.isEmpty()) {
          return Optional.empty();
        }
      }
      before.copy(session.user(), path, name);
      if (merged.isPresent()) {
        boolean runs =
            now.executable() == change.before().executable()
                ? change.after().executable()
                : now.executable();
        after.write(name, runs, new ByteArrayInputStream(merged.get()), Optional.empty());
      } else if (!change.after().isNothing()) {
        after.copy(session.mirror(), path, name);
      }
      return Optional.of(
          new ApplyPlan.Step(path, before.content(name), after.content(name), merged.isPresent()));
    }
  }
}
