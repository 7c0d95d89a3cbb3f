package dev.concert.platform.command.project;

import dev.concert.platform.project.ApplyResult;
import dev.concert.platform.project.Project;
import dev.concert.platform.project.ProjectException;
import dev.concert.platform.server.DataPlace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code concert undo}. */
@Command(
    name = "undo",
    description = "Takes back what an agent's last turn changed in your repository.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A file that you changed since stays as it is. Run it again to take back the turn before.",
      "Exit codes: 0 all is taken back, 1 something is left or there is nothing, 2 wrong usage."
    })
public final class UndoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "A folder of the repository (default: the current one).")
  private Path folder;

  @Option(names = "--data", description = "Data folder (default: " + DataPlace.SHOWN + ").")
  private Optional<Path> data;

  @Override
  public Integer call() {
    Project project =
        Project.find(folder.toAbsolutePath(), data.orElseGet(DataPlace::usual))
            .orElseThrow(
                () -> new ProjectException("%s is in no git repository.".formatted(folder)));
    Optional<ApplyResult> undone = project.undo();
    if (undone.isEmpty()) {
      throw new ProjectException(
          "No agent's changes were applied to %s.".formatted(project.root()));
    }
    PrintWriter out = spec.commandLine().getOut();
    undone.get().changed().forEach(path -> out.println("restored " + path));
    undone
        .get()
        .conflicts()
        .forEach(path -> out.println("left as it is, because you changed it: " + path));
    return undone.get().conflicts().isEmpty() ? 0 : 1;
  }
}
