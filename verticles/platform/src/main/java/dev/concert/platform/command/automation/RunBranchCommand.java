package dev.concert.platform.command.automation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.project.BundleFetch;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert automations branch}. */
@Command(
    name = "branch",
    description = "Brings what a run made in a clone into your repository, as a branch.",
    mixinStandardHelpOptions = true)
final class RunBranchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", description = "Id of the automation; `list` shows them.")
  private String id;

  @Parameters(paramLabel = "RUN", description = "Id of the run; `history` shows them.")
  private String run;

  @Option(names = "--in", paramLabel = "FOLDER", description = "Your clone (default: this folder).")
  private Path folder = Path.of("");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (AutomationApi api = AutomationApi.open()) {
      JsonNode made = api.branch(id, run);
      String branch = made.path("branch").asText();
      BundleFetch.into(
          folder.toAbsolutePath(),
          Base64.getDecoder().decode(made.path("bundle").asText()),
          branch);
      spec.commandLine().getOut().printf("branch %s%n", branch);
    }
    return 0;
  }
}
