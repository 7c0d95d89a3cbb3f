package dev.concert.platform.command.github;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code concert github link}. */
@Command(
    name = "link",
    description = "Says to Concert who you are on GitHub, by a code that you enter there.",
    mixinStandardHelpOptions = true)
final class LinkCommand implements Callable<Integer> {
  @Option(names = "--connection", description = "The App by which, if your tenant has several.")
  private Optional<String> connection;

  @Option(names = "--remove", description = "Remove the link instead.")
  private boolean remove;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (GitHubApi api = GitHubApi.open()) {
      if (remove) {
        api.removeLink();
        out.println("The link to your GitHub account is removed.");
        return 0;
      }
      JsonNode begun = api.beginLink(connection);
      out.printf(
          "Open %s and enter the code %s%n",
          begun.path("url").asText(), begun.path("userCode").asText());
      out.flush();
      out.printf("You are %s on GitHub.%n", linked(api, begun.path("state").asText()));
    }
    return 0;
  }

  /** Waits until the code is entered. The server ends an attempt that takes too long. */
  private static String linked(GitHubApi api, String attempt) throws InterruptedException {
    JsonNode link = api.completeLink(attempt);
    while (link.path("state").asText().equals("pending")) {
      TimeUnit.MILLISECONDS.sleep(link.path("retryAfterMs").asLong());
      link = api.completeLink(attempt);
    }
    return link.path("login").asText();
  }
}
