package dev.concert.platform.command.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import dev.concert.platform.command.bridge.BridgeApi;
import dev.concert.platform.command.bridge.ChatSecret;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert forge}. */
@Command(
    name = "forge",
    description = "Connects GitLab, Gitea or Forgejo, where agents work on issues.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Uses the server at CONCERT_URL or on port 8080. docs/forges.md has each step.",
      "`concert github runs` shows the work."
    })
public final class ForgeCommand implements Runnable {
  private static final Set<String> PLATFORMS = Set.of("gitlab", "gitea");
  private static final String FORGEJO = "forgejo";
  private static final String NONE =
      "No forge is connected. Connect one: `concert forge add gitlab`.";

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
        "Connects an account by its access token, and asks the forge whether it takes it.",
        "The secrets come from GITLAB_TOKEN and GITLAB_WEBHOOK_SECRET, or from GITEA_TOKEN and",
        "GITEA_WEBHOOK_SECRET, or are asked for."
      },
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "FORGE", description = "The forge: gitlab, gitea or forgejo.")
          String forge,
      @Option(
              names = "--name",
              description = "Name of the connection (default: that of the forge).")
          Optional<String> name,
      @Option(
              names = "--setting",
              paramLabel = "NAME=VALUE",
              description = "A setting: agent, label or permissions. Can be repeated.")
          Map<String, String> settings) {
    String platform = platform(forge);
    ObjectNode bridge = BridgeApi.body().put("platform", platform).put("name", name.orElse(forge));
    ObjectNode secrets = bridge.putObject("secrets");
    for (ChatSecret secret : secrets(platform)) {
      secrets.put(
          secret.name(), secret.read(System.getenv(), Optional.ofNullable(System.console())));
    }
    ObjectNode given = bridge.putObject("settings");
    Optional.ofNullable(settings).ifPresent(all -> all.forEach(given::put));
    try (BridgeApi api = BridgeApi.open()) {
      JsonNode added = api.add(bridge);
      out()
          .printf(
              "connection %s to %s on %s%n",
              added.path("connectionId").asText(),
              added.path("account").asText(),
              added.path("accountName").asText());
      out().printf("Add a webhook with this address, with your public host in it:%n");
      out().printf("  %s%n", api.address(added.path("webhookPath").asText()));
      out()
          .printf(
              "It has the same secret, and tells of issues, comments and %s.%n", changes(platform));
    }
    return 0;
  }

  private static String platform(String forge) {
    String platform = forge.toLowerCase(Locale.ROOT).replace(FORGEJO, "gitea");
    if (!PLATFORMS.contains(platform)) {
      throw new ClientException(
          "Concert knows no forge %s. It knows gitlab, gitea and forgejo; for GitHub use `concert github add`."
              .formatted(forge));
    }
    return platform;
  }

  private static String changes(String platform) {
    return platform.equals("gitlab") ? "merge requests" : "pull requests";
  }

  private static List<ChatSecret> secrets(String platform) {
    String prefix = platform.toUpperCase(Locale.ROOT);
    return List.of(
        new ChatSecret("token", prefix + "_TOKEN", "access token of the account", "", false),
        new ChatSecret(
            "webhookSecret",
            prefix + "_WEBHOOK_SECRET",
            "secret of the webhook, which you choose (16 characters or more)",
            "",
            false));
  }

  @Command(
      name = "list",
      description = "Lists the connections: id, forge, host, user and name.",
      mixinStandardHelpOptions = true)
  int list() {
    try (BridgeApi api = BridgeApi.open()) {
      List<JsonNode> all = connections(api);
      for (JsonNode one : all) {
        out()
            .printf(
                "%s  %s  %s  %s  %s%n",
                id(one),
                one.path("platform").asText(),
                one.path("accountName").asText(),
                one.path("account").asText(),
                one.path("name").asText());
      }
      if (all.isEmpty()) {
        out().printf("%s%n", NONE);
      }
    }
    return 0;
  }

  @Command(
      name = "remove",
      description = "Removes a connection and its secrets. Its sessions stay.",
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = "CONNECTION", description = "Id of the connection.")
          String connection) {
    try (BridgeApi api = BridgeApi.open()) {
      if (connections(api).stream().noneMatch(one -> id(one).equals(connection))) {
        throw new ClientException(
            "No forge has the connection %s. `concert forge list` has them.".formatted(connection));
      }
      api.remove(connection);
      out().printf("removed %s%n", connection);
    }
    return 0;
  }

  @Command(
      name = "test",
      description = "Asks the forges whether they take your tokens. Ends with 1 if not.",
      mixinStandardHelpOptions = true)
  int test() {
    boolean isFine = true;
    try (BridgeApi api = BridgeApi.open()) {
      List<JsonNode> all = connections(api);
      if (all.isEmpty()) {
        throw new ClientException(NONE);
      }
      for (JsonNode one : all) {
        JsonNode tested = api.test(id(one));
        out().printf("%s  %s%n", id(one), tested.path("message").asText());
        isFine &= tested.path("ok").asBoolean();
      }
    }
    return isFine ? 0 : 1;
  }

  private static String id(JsonNode connection) {
    return connection.path("connectionId").asText();
  }

  private static List<JsonNode> connections(BridgeApi api) {
    return StreamSupport.stream(api.list().path("bridges").spliterator(), false)
        .filter(one -> PLATFORMS.contains(one.path("platform").asText()))
        .toList();
  }
}
