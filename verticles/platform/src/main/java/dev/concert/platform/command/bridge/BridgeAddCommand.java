package dev.concert.platform.command.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.matrix.MatrixRegistration;
import dev.concert.client.ClientException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert bridge add}. */
@Command(
    name = "add",
    description = {
      "Connects an account of a chat platform, and checks each credential.",
      "Secrets come from DISCORD_BOT_TOKEN; GOOGLE_CHAT_KEY_FILE and GOOGLE_CHAT_PROJECT_NUMBER",
      "(or GOOGLE_CHAT_SUBSCRIPTION without a public address); IRC_ADDRESS (and IRC_PASSWORD);",
      "LINEAR_CLIENT_ID, LINEAR_CLIENT_SECRET and LINEAR_WEBHOOK_SECRET; MATRIX_HOMESERVER;",
      "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN for Socket Mode);"
          + " TEAMS_APP_ID,",
      "TEAMS_APP_PASSWORD and TEAMS_TENANT_ID; TELEGRAM_BOT_TOKEN (and TELEGRAM_WEBHOOK_SECRET for",
      "a webhook); XMPP_ADDRESS and XMPP_PASSWORD. Those that are needed and not set are asked for."
    },
    mixinStandardHelpOptions = true)
final class BridgeAddCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "PLATFORM",
      description =
          "The platform: discord, github, googlechat, irc, linear, matrix, slack, teams,"
              + " telegram or xmpp.")
  private String platform;

  @Option(names = "--name", description = "Name of the bridge (default: that of the platform).")
  private Optional<String> name;

  @Option(
      names = "--agent",
      paramLabel = "TYPE",
      description = "Agent type of its sessions (default: that of the server).")
  private Optional<String> agent;

  @Option(
      names = "--app-package",
      paramLabel = "FILE",
      description = "Where the app package of Teams goes (default: ${DEFAULT-VALUE}).",
      defaultValue = "concert-teams.zip")
  private Path appPackage;

  @Option(
      names = "--registration",
      paramLabel = "FILE",
      description =
          "The registration for a homeserver of Matrix; it is made where there is none (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "concert-matrix.yaml")
  private Path registration;

  @Option(
      names = "--setting",
      paramLabel = "NAME=VALUE",
      description = "A setting of the platform, such as appId=12345 of github. Can be repeated.")
  private Map<String, String> settings = Map.of();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ObjectNode bridge =
        BridgeApi.body().put("platform", platform).put("name", name.orElse(platform));
    ObjectNode secrets = bridge.putObject("secrets");
    if (platform.equals("matrix")) {
      Optional<MatrixRegistration> registered = MatrixRegistrationFile.read(registration);
      if (registered.isEmpty()) {
        register(out);
        return 0;
      }
      secrets.put("asToken", registered.get().asToken());
      secrets.put("hsToken", registered.get().hsToken());
    }
    for (ChatSecret secret : ChatSecret.of(platform)) {
      if (secret.isWanted(System.getenv())) {
        secrets.put(
            secret.name(), secret.read(System.getenv(), Optional.ofNullable(System.console())));
      }
    }
    ObjectNode given = bridge.putObject("settings");
    settings.forEach(given::put);
    agent.ifPresent(type -> given.put("agent", type));
    try (BridgeApi api = BridgeApi.open()) {
      JsonNode added = api.add(bridge);
      String address = api.address(added.path("webhookPath").asText());
      out.printf(
          "bridge %s to %s%n",
          added.path("connectionId").asText(), added.path("accountName").asText());
      if (!Set.of("irc", "matrix", "xmpp").contains(platform)) {
        out.printf(
            "Give the platform this address, with your public host in it (docs/bridges.md):%n");
        out.printf("  %s%n", address);
      }
      if (platform.equals("teams")) {
        writeAppPackage(out, secrets.path("appId").asText(), address);
      }
      if (platform.equals("discord")) {
        out.printf("Discord needs it only where commands come over HTTP. Invite the bot by%n");
        out.printf("  %s%n", invitation(added.path("account").asText()));
      }
      out.printf("Then each person runs `concert bridge pair` and sends the code to the bot.%n");
    }
    return 0;
  }

  /** A homeserver has to know the bridge before it takes its token. */
  private void register(PrintWriter out) {
    try (BridgeApi api = BridgeApi.open()) {
      MatrixRegistrationFile.create(registration, api::address);
    }
    out.printf("The registration is in %s. It has secrets: keep it private.%n", registration);
    out.printf("1. Put an address in its `url` by which the homeserver reaches this server.%n");
    out.printf("2. Name the file in `app_service_config_files` of the homeserver; restart it.%n");
    out.printf("3. Run this command once more.%n");
  }

  /** Teams shows the address of the developers to people; it has to begin with https. */
  private void writeAppPackage(PrintWriter out, String appId, String address) {
    String site = "https://" + URI.create(address).getHost();
    try {
      TeamsAppPackage.write(appPackage, appId, site);
    } catch (IOException e) {
      throw new ClientException(
          "The bridge is there, but %s cannot be written. Give another place with --app-package."
              .formatted(appPackage));
    }
    out.printf(
        "Upload %s to Teams (\"Apps\", \"Manage your apps\", \"Upload an app\").%n", appPackage);
  }

  /** Its permissions: view channels, send messages, also in threads, create them, read history. */
  private static String invitation(String application) {
    return "https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d"
        .formatted(application, 1L << 10 | 1L << 11 | 1L << 16 | 1L << 35 | 1L << 38);
  }
}
