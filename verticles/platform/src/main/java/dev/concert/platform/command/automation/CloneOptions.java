package dev.concert.platform.command.automation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The repository that each run clones, as options of a command. */
final class CloneOptions {
  @Option(
      names = "--clone",
      paramLabel = "URL",
      description = "Repository that each run begins with, https only, through the egress policy.")
  private Optional<String> url = Optional.empty();

  @Option(names = "--ref", paramLabel = "NAME", description = "Branch or tag of --clone.")
  private Optional<String> ref = Optional.empty();

  @Option(
      names = "--pull-request",
      description = "Opens a draft of a pull request with what a run changed in --clone.")
  private boolean isPull;

  /** Adds the files of a run to its task, where a repository is given. */
  void addTo(ObjectNode task) {
    url.ifPresent(
        address -> {
          ObjectNode workspace = task.putObject("workspace");
          workspace.put("kind", "repository").put("url", address);
          ref.ifPresent(name -> workspace.put("ref", name));
        });
    if (isPull) {
      task.put("result", "pull_request");
    }
  }
}
