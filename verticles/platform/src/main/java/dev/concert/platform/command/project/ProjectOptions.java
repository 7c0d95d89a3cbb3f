package dev.concert.platform.command.project;

import dev.concert.platform.project.Project;
import dev.concert.platform.project.ProjectException;
import dev.concert.platform.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which repository an agent works on, and what becomes of its changes. */
public final class ProjectOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Work on the git repository of this folder (default: the current folder, unless it is"
              + " Concert's own checkout).")
  private Optional<Path> folder;

  @Option(names = "--no-dir", description = "Work in an empty workspace.")
  private boolean noFolder;

  @Option(
      names = "--apply",
      paramLabel = "WHEN",
      description =
          "Whether the agent's changes come into your repository: ask, auto or never (default: ask"
              + " at a terminal, else never; auto with --yes).")
  private Optional<ApplyMode> apply;

  /** Refuses options that exclude each other. */
  public void check() {
    if (folder.isPresent() && noFolder) {
      throw new ParameterException(
          spec.commandLine(), "--dir and --no-dir exclude each other. Give one of them.");
    }
  }

  /** What becomes of the changes; empty where the terminal decides. */
  public Optional<ApplyMode> apply(boolean yes) {
    return apply.or(() -> yes ? Optional.of(ApplyMode.AUTO) : Optional.empty());
  }

  /**
   * The repository of a new session.
   *
   * @throws ProjectException where a folder is named that is in none, or an agent would get it
   *     wrong
   */
  public Optional<Project> ofNew(Path data) {
    Optional<Project> found = noFolder ? Optional.empty() : here(data);
    found.ifPresent(Project::check);
    return found;
  }

  private Optional<Project> here(Path data) {
    Optional<Project> found = Project.find(folder.orElse(Path.of("")).toAbsolutePath(), data);
    if (found.isEmpty() && folder.isPresent()) {
      throw new ProjectException(
          "%s is in no git repository. Run `git init` there, or use --no-dir."
              .formatted(folder.get()));
    }
    // Whoever tries Concert in its own checkout wants no agent that works on Concert.
    return found.filter(project -> folder.isPresent() || !isConcertsOwn(project.root()));
  }

  private static boolean isConcertsOwn(Path root) {
    try {
      return Files.isSameFile(root, EmbeddedServer.home());
    } catch (IOException gone) {
      return false;
    }
  }

  /** The repository that a session works on which is continued. */
  public Optional<Project> ofContinued(String session, Path data) {
    Optional<Project> project = noFolder ? Optional.empty() : Project.ofSession(session, data);
    if (folder.isPresent() && !project.map(Project::root).equals(here(data).map(Project::root))) {
      throw new ProjectException(
          "The session does not work on %s. Start a new one there.".formatted(folder.get()));
    }
    return project;
  }
}
