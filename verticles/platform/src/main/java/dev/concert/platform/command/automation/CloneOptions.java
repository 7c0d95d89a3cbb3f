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

  /** The files of a run; empty where no repository is given. */
  Optional<ObjectNode> workspace() {
    return url.map(
        address -> {
          ObjectNode workspace = AutomationApi.body().put("kind", "repository").put("url", address);
          ref.ifPresent(name -> workspace.put("ref", name));
          return workspace;
        });
  }
}
