package dev.concert.platform.folder;

import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.ProjectAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.platform.project.ApplyResult;
import dev.concert.platform.project.Project;
import dev.concert.platform.project.ProjectChange;
import dev.concert.platform.project.ProjectException;
import dev.concert.platform.project.ProjectSetup;
import dev.concert.platform.project.WorkspaceTransfer;
import dev.concert.workspace.ProjectMessages.ApplyChanges;
import dev.concert.workspace.ProjectMessages.ChangesApplied;
import dev.concert.workspace.ProjectMessages.FindFolder;
import dev.concert.workspace.ProjectMessages.FolderOpened;
import dev.concert.workspace.ProjectMessages.Folders;
import dev.concert.workspace.ProjectMessages.OpenFolder;
import dev.concert.workspace.ProjectMessages.SessionFolder;
import dev.concert.workspace.ProjectMessages.SetUpCommand;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Does for the page what {@code concert turn} does with a repository: its files enter before a
 * message, and accepted changes are applied. Works on virtual threads; the project's own lock keeps
 * it and commands apart.
 */
public final class FolderService extends VerticleBase {
  private final FolderRoots roots;
  private final Path data;
  private final Supplier<String> url;

  /**
   * @param data folder for what is remembered of projects
   * @param url of the server that this is a part of, once it listens
   */
  public FolderService(FolderRoots roots, Path data, Supplier<String> url) {
    this.roots = roots;
    this.data = data;
    this.url = url;
  }

  @Override
  public Future<?> start() {
    ConcertBus bus = new ConcertBus(vertx);
    serve(bus, ProjectAddresses.LIST_FOLDERS, _ -> new Folders(roots.repositories()));
    serve(bus, ProjectAddresses.FIND_FOLDER, this::find);
    serve(bus, ProjectAddresses.OPEN_FOLDER, this::open);
    serve(bus, ProjectAddresses.APPLY_CHANGES, this::apply);
    return Future.succeededFuture();
  }

  private <Q extends Record, R extends Record> void serve(
      ConcertBus bus, Address<Q, R> address, Function<Q, R> work) {
    bus.serve(address, request -> onVirtualThread(() -> work.apply(request)));
  }

  private <R> Future<R> onVirtualThread(Supplier<R> work) {
    Promise<R> done = Promise.promise();
    Thread.ofVirtual()
        .name("project")
        .start(
            () -> {
              try {
                done.complete(work.get());
              } catch (ProjectException told) {
                done.fail(new ConcertException(ErrorCode.PATH_INVALID, told.getMessage()));
              } catch (RuntimeException | Error e) {
                done.fail(e);
              }
            });
    return done.future();
  }

  private SessionFolder find(FindFolder request) {
    return new SessionFolder(
        known(request.sessionId()).map(project -> project.root().toString()).orElse(null));
  }

  /** The project of a session, where its folder may still be opened. */
  private Optional<Project> known(String session) {
    return Project.ofSession(session, data).filter(project -> roots.isBelow(project.root()));
  }

  private FolderOpened open(OpenFolder request) {
    Path folder = roots.checked(request.folder());
    Project project =
        Project.find(folder, data)
            .filter(found -> roots.isBelow(found.root()))
            .orElseThrow(
                () ->
                    new ProjectException(
                        folder + " is in no git repository. Run `git init` there."));
    if (known(request.sessionId()).filter(of -> !of.root().equals(project.root())).isPresent()) {
      throw new ProjectException("The session works on another folder. Start a new one.");
    }
    project.check();
    String root = project.root().toString();
    Optional<String> question = project.question(request.sessionId());
    if (question.isPresent() && !request.otherBranch()) {
      return new FolderOpened(root, 0, List.of(), question.get(), null);
    }
    List<String> notices = new ArrayList<>();
    int files =
        project.enter(transfer(request.sessionId()), _ -> request.otherBranch(), notices::add);
    return new FolderOpened(root, files, notices, null, setUp(project, request.setUp()));
  }

  /**
   * @param answer what the developer says of a command; null where they say nothing
   */
  private static SetUpCommand setUp(Project project, SetUpCommand answer) {
    ProjectSetup setup = project.setup();
    if (answer != null) {
      setup.remember(answer.command(), answer.wanted());
    }
    return setup
        .proposed()
        .map(command -> new SetUpCommand(command, setup.answer(command).orElse(null)))
        .orElse(null);
  }

  private ChangesApplied apply(ApplyChanges request) {
    String session = request.sessionId();
    Project project =
        known(session)
            .orElseThrow(
                () -> new ProjectException("The session works on no folder of this machine."));
    Set<String> wanted = new HashSet<>(request.paths());
    List<ProjectChange> changes =
        project.fetchChanges(transfer(session), _ -> {}).stream()
            .filter(change -> wanted.contains(change.path()))
            .toList();
    List<String> held =
        changes.stream().filter(ProjectChange::runsCode).map(ProjectChange::path).toList();
    ApplyResult result =
        project.apply(session, changes.stream().filter(change -> !change.runsCode()).toList());
    return new ChangesApplied(result.changed(), result.conflicts(), held);
  }

  private WorkspaceTransfer transfer(String session) {
    return new WorkspaceTransfer(url.get(), session, Optional.empty());
  }
}
