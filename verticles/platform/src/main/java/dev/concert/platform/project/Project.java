package dev.concert.platform.project;

import dev.concert.chronicle.workspace.HandedFiles;
import dev.concert.foundation.files.LockFile;
import dev.concert.foundation.files.PrivateFiles;
import dev.concert.gateway.session.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A git repository of the user on which agents work. For one thread; blocking. */
public final class Project {
  private static final String SEED = "seed";

  private final GitRepository repository;
  private final Path data;
  private final ProjectStore store;

  private Project(GitRepository repository, Path data) {
    this.repository = repository;
    this.data = data;
    this.store = ProjectStore.of(data, repository.root());
  }

  /**
   * The repository that a folder is in; empty where it is in none.
   *
   * @param data folder for what is remembered
   */
  public static Optional<Project> find(Path folder, Path data) {
    return GitRepository.find(folder).map(found -> new Project(found, data));
  }

  /** The project that a session works on; empty where it works on none. */
  public static Optional<Project> ofSession(String session, Path data) {
    Optional<Path> known = ProjectStore.session(data, session);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Path root;
    try {
      root =
          Path.of(
              ProjectStore.read(known.get().resolve(ProjectState.FILE), ProjectState.class).root());
    } catch (IOException e) {
      throw new UncheckedIOException("What is known of the session's project is not readable", e);
    }
    return Optional.of(
        Stream.of(root)
            .filter(Files::isDirectory)
            .flatMap(there -> find(there, data).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new ProjectException(
                        "The session works on %s, which is not there any more. Start a new session."
                            .formatted(root))));
  }

  public Path root() {
    return repository.root();
  }

  /**
   * Refuses a repository that an agent would get wrong.
   *
   * @throws ProjectException that names why
   */
  public void check() {
    repository.check();
  }

  /**
   * Brings the user's files into the workspace of a session: all the first time, then what changed.
   *
   * @param confirms answers a question about another branch
   * @param notice receives sentences for the user
   * @return how many files changed
   * @throws ProjectException where the workspace cannot be reached or the branch is refused
   */
  public int enter(
      WorkspaceTransfer transfer, Predicate<String> confirms, Consumer<String> notice) {
    Path folder = store.ofSession(transfer.session());
    try (LockFile _ = store.lock();
        ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
      recover(notice);
      ProjectSession places = ProjectSession.open(folder, root());
      Optional<ProjectState> known = places.state();
      String branch = repository.branch().orElse("");
      known.ifPresent(before -> checkBranch(before.branch(), branch, confirms));
      WorkspaceGit git = new WorkspaceGit(repository);
      WorkspaceExchange exchange = exchange(places, transfer, notice);
      // The workspace is looked at while the user's folder is.
      Optional<Future<WorkspaceExchange.Difference>> workspace =
          known.map(_ -> beside.submit(exchange::compare));
      String fingerprint = git.fingerprint();
      long now = System.currentTimeMillis();
      int changed;
      if (places.isNew()) {
        changed = exchange.begin(repository.files(), () -> seed(git, folder, places.index()));
      } else {
        ProjectSession.UserChanges mine =
            places.userChanges(
                repository.files(), known.map(ProjectState::takenAt).orElse(0L), notice);
        if (workspace.isPresent()) {
          exchange.fetch(result(workspace.get()));
        }
        changed = places.take(mine, notice);
        boolean isSame = known.filter(one -> one.fingerprint().equals(fingerprint)).isPresent();
        exchange.send(isSame ? Map.of() : seed(git, folder, places.index()));
      }
      WorkspaceGit.deleteAll(folder.resolve(SEED));
      places.remember(new ProjectState(root().toString(), branch, fingerprint, now));
      return changed;
    } catch (IOException e) {
      throw new UncheckedIOException("The project's files cannot be read", e);
    }
  }

  private static <T> T result(Future<T> work) throws IOException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException unreadable -> throw unreadable;
        case RuntimeException told -> throw told;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProjectException("The project was interrupted. Try again.", e);
    }
  }

  /**
   * What {@link #enter} asks before the files come in: whether another branch is meant; empty where
   * it asks nothing.
   */
  public Optional<String> question(String session) {
    try {
      String branch = repository.branch().orElse("");
      return ProjectState.read(store.ofSession(session))
          .map(ProjectState::branch)
          .filter(before -> !before.equals(branch))
          .map(before -> question(before, branch));
    } catch (IOException e) {
      throw new UncheckedIOException("What is known of the session's project is not readable", e);
    }
  }

  private static void checkBranch(String before, String now, Predicate<String> confirms) {
    if (!before.equals(now) && !confirms.test(question(before, now))) {
      throw new ProjectException(
          sentence(before, now) + " Check out %s, or start a new session.".formatted(name(before)));
    }
  }

  private static String question(String before, String now) {
    return sentence(before, now) + " Continue with the files of " + name(now) + "?";
  }

  private static String sentence(String before, String now) {
    return "The session began on %s, and %s is checked out now.".formatted(name(before), name(now));
  }

  private static String name(String branch) {
    return branch.isEmpty() ? "no branch" : branch.replaceFirst("^refs/heads/", "");
  }

  /** What the agent has at the end is fetched; nothing of the user's is changed. */
  public List<ProjectChange> fetchChanges(WorkspaceTransfer transfer, Consumer<String> notice) {
    Path folder = store.ofSession(transfer.session());
    try (LockFile _ = store.lock()) {
      ProjectSession places = ProjectSession.open(folder, root());
      WorkspaceExchange exchange = exchange(places, transfer, notice);
      exchange.fetch(exchange.compare());
      return places.agentChanges(repository);
    } catch (IOException e) {
      throw new UncheckedIOException("The agent's files cannot be read", e);
    }
  }

  /**
   * What the agent committed becomes a branch {@code concert/SESSION}, which is not checked out.
   *
   * @return the branch that has commits now which the user had not; empty where there are none
   */
  public Optional<String> fetchCommits(WorkspaceTransfer transfer) {
    Path folder = store.ofSession(transfer.session());
    try (LockFile _ = store.lock()) {
      return new AgentCommits(repository, transfer::fetch, folder.resolve("commits"))
          .fetch("concert/" + transfer.session());
    } catch (IOException e) {
      throw new UncheckedIOException("The agent's commits cannot be read", e);
    }
  }

  public String diff(String session, List<ProjectChange> changes) {
    try {
      ProjectSession places = ProjectSession.open(store.ofSession(session), root());
      return new UnifiedDiff(places.base(), places.mirror()).of(changes);
    } catch (IOException e) {
      throw new UncheckedIOException("The agent's files cannot be read", e);
    }
  }

  /** Brings these changes into the user's folder. */
  public ApplyResult apply(String session, List<ProjectChange> changes) {
    Path folder = store.ofSession(session);
    try (LockFile _ = store.lock()) {
      return journal().apply(ProjectSession.open(folder, root()), folder, changes);
    } catch (IOException e) {
      throw new UncheckedIOException("The agent's changes cannot be applied", e);
    }
  }

  /** Takes back what was applied last, of whatever session; empty where nothing was. */
  public Optional<ApplyResult> undo() {
    try (LockFile _ = store.lock()) {
      return journal().undo();
    } catch (IOException e) {
      throw new UncheckedIOException("The last changes cannot be taken back", e);
    }
  }

  /**
   * The command that sets the project up in the workspace of a new session; empty where there is
   * none, or the user does not want it.
   *
   * @param confirms asks the user about a command, the first time that it is proposed
   */
  public Optional<String> setUp(Predicate<String> confirms) {
    ProjectSetup setup = setup();
    return setup
        .proposed()
        .filter(
            command ->
                setup
                    .answer(command)
                    .orElseGet(
                        () -> {
                          boolean wanted = confirms.test(command);
                          setup.remember(command, wanted);
                          return wanted;
                        }));
  }

  public ProjectSetup setup() {
    return new ProjectSetup(root(), store.folder());
  }

  private void recover(Consumer<String> notice) throws IOException {
    for (ApplyResult result : journal().recover()) {
      notice.accept(
          "The last changes were cut while they were applied. They are applied now: %d files, %d left."
              .formatted(result.changed().size(), result.conflicts().size()));
    }
  }

  private ChangeJournal journal() {
    return new ChangeJournal(store.applied(), _ -> {});
  }

  private WorkspaceExchange exchange(
      ProjectSession places, WorkspaceTransfer transfer, Consumer<String> notice) {
    return new WorkspaceExchange(
        places,
        transfer,
        () ->
            transfer.isToThisMachine()
                ? HandedFiles.beside(
                    data.resolve("instances"), Session.instanceOf(transfer.session()))
                : Optional.empty(),
        notice);
  }

  /** The workspace gets a repository that was made here, before an agent can write in it. */
  private static Map<String, Path> seed(WorkspaceGit git, Path folder, ProjectIndex index)
      throws IOException {
    Path seed = folder.resolve(SEED);
    WorkspaceGit.deleteAll(seed);
    Path made = PrivateFiles.createDirectories(seed);
    git.create(made);
    return git.files(made, index.objects());
  }
}
