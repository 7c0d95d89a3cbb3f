package dev.concert.platform.command.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import dev.concert.platform.command.bridge.BridgeApi;
import dev.concert.platform.command.bridge.ChatSecret;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert github}. */
@Command(
    name = "github",
    description = "Connects GitHub Apps, and shows their repositories and the work on issues.",
    mixinStandardHelpOptions = true,
    subcommands = LinkCommand.class,
    footer = {"", "Uses the server at CONCERT_URL or on port 8080. docs/github.md has each step."})
public final class GitHubCommand implements Runnable {
  private static final String PLATFORM = "github";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "add",
      description = {
        "Connects a GitHub App, and checks its key.",
        "The secrets come from GITHUB_APP_PRIVATE_KEY and GITHUB_WEBHOOK_SECRET, or are asked for."
      },
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "APP_ID", description = "The App ID. GitHub's page shows it.")
          String appId,
      @Option(names = "--name", description = "Name of the connection (default: github).")
          Optional<String> name,
      @Option(
              names = "--setting",
              paramLabel = "NAME=VALUE",
              description = "Another setting, such as label=agent. Can be repeated.")
          Map<String, String> settings) {
    ObjectNode bridge =
        BridgeApi.body().put("platform", PLATFORM).put("name", name.orElse(PLATFORM));
    ObjectNode secrets = bridge.putObject("secrets");
    for (ChatSecret secret : ChatSecret.of(PLATFORM)) {
      secrets.put(
          secret.name(), secret.read(System.getenv(), Optional.ofNullable(System.console())));
    }
    ObjectNode given = bridge.putObject("settings");
    Optional.ofNullable(settings).ifPresent(all -> all.forEach(given::put));
    given.put("appId", appId);
    try (BridgeApi api = BridgeApi.open()) {
      JsonNode added = api.add(bridge);
      out()
          .printf(
              "connection %s to the App %s%n",
              added.path("connectionId").asText(), added.path("account").asText());
      out().printf("Give the App this webhook address, with your public host in it:%n");
      out().printf("  %s%n", api.address(added.path("webhookPath").asText()));
      out().printf("Then install the App on your repositories. `concert github list` has them.%n");
    }
    return 0;
  }

  @Command(
      name = "list",
      description = "Lists the repositories that your Apps serve.",
      mixinStandardHelpOptions = true)
  int list() {
    try (GitHubApi api = GitHubApi.open()) {
      int count = 0;
      String cursor = "";
      do {
        JsonNode page = api.repositories(cursor);
        page.path("repositories").forEach(this::show);
        page.path("broken").forEach(this::showBroken);
        count += page.path("repositories").size() + page.path("broken").size();
        cursor = page.path("nextCursor").asText();
      } while (!cursor.isEmpty());
      if (count == 0) {
        out()
            .printf(
                "No repository yet. Connect an App with `concert github add`, and install it.%n");
      }
    }
    return 0;
  }

  private void show(JsonNode one) {
    out()
        .printf(
            "%s/%s  %s  %s  %s%n",
            one.path("owner").asText(),
            one.path("repo").asText(),
            one.path("defaultBranch").asText(),
            one.path("isArchived").asBoolean()
                ? "archived"
                : one.path("isPrivate").asBoolean() ? "private" : "public",
            one.path("connectionId").asText());
  }

  private void showBroken(JsonNode one) {
    out()
        .printf(
            "%s  %s: %s%n",
            one.path("connectionId").asText(),
            one.path("name").asText(),
            one.path("message").asText());
  }

  @Command(
      name = "runs",
      description = "Shows the work on issues: state, issue, session and pull request.",
      mixinStandardHelpOptions = true)
  int runs(
      @Option(
              names = "--limit",
              defaultValue = "20",
              description = "How many at most, the newest first (default: ${DEFAULT-VALUE}).")
          int limit) {
    try (GitHubApi api = GitHubApi.open()) {
      JsonNode runs = api.runs(limit).path("runs");
      runs.forEach(this::showRun);
      if (runs.isEmpty()) {
        out().printf("No work yet. Mention @concert on an issue.%n");
      }
    }
    return 0;
  }

  private void showRun(JsonNode run) {
    out()
        .printf(
            "%s  %s  %s#%d  %s%n",
            run.path("runId").asText(),
            run.path("state").asText(),
            run.path("repository").asText(),
            run.path("number").asInt(),
            run.path("title").asText());
    out()
        .printf(
            "    session %s  pull request %s%n",
            run.path("sessionId").asText("-"), run.path("pullUrl").asText("-"));
  }

  @Command(
      name = "test",
      description = "Asks GitHub whether it takes the keys of your Apps. Ends with 1 if not.",
      mixinStandardHelpOptions = true)
  int test(
      @Parameters(
              paramLabel = "CONNECTION",
              arity = "0..1",
              description = "Id of one connection (default: all).")
          Optional<String> connection) {
    boolean isFine = true;
    try (BridgeApi api = BridgeApi.open()) {
      List<String> ids =
          connection.map(List::of).orElseGet(() -> connections(api.list().path("bridges")));
      if (ids.isEmpty()) {
        throw new ClientException("No GitHub App is connected. Connect one: `concert github add`.");
      }
      for (String id : ids) {
        JsonNode tested = api.test(id);
        out().printf("%s  %s%n", id, tested.path("message").asText());
        isFine &= tested.path("ok").asBoolean();
      }
    }
    return isFine ? 0 : 1;
  }

  private static List<String> connections(JsonNode bridges) {
    return StreamSupport.stream(bridges.spliterator(), false)
        .filter(one -> one.path("platform").asText().equals(PLATFORM))
        .map(one -> one.path("connectionId").asText())
        .toList();
  }
}
