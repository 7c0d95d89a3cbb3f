package dev.concert.platform.command.bridge;

import dev.concert.client.ClientException;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A secret that a platform needs.
 *
 * @param name in the request
 * @param variable of the environment that may hold it
 * @param where it is found
 * @param insteadOf variable that makes it needless where it is set; its own for a secret that
 *     nobody is asked for; empty for none
 * @param isFile whether what is given or typed is the path of a file that holds it
 */
public record ChatSecret(
    String name, String variable, String where, String insteadOf, boolean isFile) {
  ChatSecret(String name, String variable, String where) {
    this(name, variable, where, "");
  }

  ChatSecret(String name, String variable, String where, String insteadOf) {
    this(name, variable, where, insteadOf, false);
  }

  private static final Map<String, List<ChatSecret>> OF_PLATFORM =
      Map.of(
          "discord",
          List.of(
              new ChatSecret(
                  "botToken", "DISCORD_BOT_TOKEN", "token on the application's page \"Bot\"")),
          "github",
          List.of(
              new ChatSecret(
                  "privateKey",
                  "GITHUB_APP_PRIVATE_KEY",
                  "private key of the App, the content of the .pem file"),
              new ChatSecret(
                  "webhookSecret",
                  "GITHUB_WEBHOOK_SECRET",
                  "webhook secret on the App's page \"General\"")),
          "googlechat",
          List.of(
              new ChatSecret(
                  "serviceAccount",
                  "GOOGLE_CHAT_KEY_FILE",
                  "path of the service account's JSON key file",
                  "",
                  true),
              new ChatSecret(
                  "projectNumber",
                  "GOOGLE_CHAT_PROJECT_NUMBER",
                  "number of the project, on the page \"Cloud overview\"",
                  "GOOGLE_CHAT_SUBSCRIPTION"),
              new ChatSecret(
                  "subscription",
                  "GOOGLE_CHAT_SUBSCRIPTION",
                  "subscription of Pub/Sub (projects/PROJECT/subscriptions/NAME)",
                  "GOOGLE_CHAT_SUBSCRIPTION")),
          "irc",
          List.of(
              new ChatSecret(
                  "address", "IRC_ADDRESS", "address (ircs://nick@host/channel,channel)"),
              new ChatSecret("password", "IRC_PASSWORD", "password of the nick", "IRC_PASSWORD")),
          "linear",
          List.of(
              new ChatSecret("clientId", "LINEAR_CLIENT_ID", "\"Client ID\" of the application"),
              new ChatSecret(
                  "clientSecret", "LINEAR_CLIENT_SECRET", "\"Client secret\" of the application"),
              new ChatSecret(
                  "webhookSecret",
                  "LINEAR_WEBHOOK_SECRET",
                  "\"Webhook signing secret\" of the application")),
          "matrix",
          List.of(
              new ChatSecret(
                  "homeserver",
                  "MATRIX_HOMESERVER",
                  "base address of the homeserver (https://matrix.example.org)")),
          "slack",
          List.of(
              new ChatSecret(
                  "botToken",
                  "SLACK_BOT_TOKEN",
                  "\"Bot User OAuth Token\" on the app's page \"OAuth & Permissions\" (xoxb-…)"),
              new ChatSecret(
                  "signingSecret",
                  "SLACK_SIGNING_SECRET",
                  "\"Signing Secret\" on the app's page \"Basic Information\"",
                  "SLACK_APP_TOKEN"),
              new ChatSecret(
                  "appToken",
                  "SLACK_APP_TOKEN",
                  "\"App-Level Token\" on the app's page \"Basic Information\" (xapp-…)",
                  "SLACK_APP_TOKEN")),
          "teams",
          List.of(
              new ChatSecret(
                  "appId", "TEAMS_APP_ID", "\"Application (client) ID\" of the app registration"),
              new ChatSecret(
                  "appPassword",
                  "TEAMS_APP_PASSWORD",
                  "value of a client secret on the registration's page \"Certificates & secrets\""),
              new ChatSecret(
                  "tenantId",
                  "TEAMS_TENANT_ID",
                  "\"Directory (tenant) ID\" of the app registration")),
          "telegram",
          List.of(
              new ChatSecret("botToken", "TELEGRAM_BOT_TOKEN", "token that @BotFather gave you"),
              new ChatSecret(
                  "webhookSecret",
                  "TELEGRAM_WEBHOOK_SECRET",
                  "secret of the webhook, which you choose (16 to 256 letters, digits, '_',"
                      + " '-')",
                  "TELEGRAM_WEBHOOK_SECRET")),
          "xmpp",
          List.of(
              new ChatSecret(
                  "address",
                  "XMPP_ADDRESS",
                  "address (xmpp://user@example.org/room@rooms.example.org)"),
              new ChatSecret("password", "XMPP_PASSWORD", "password of the user")));

  /** Those of a platform; none where this program does not know the platform. */
  public static List<ChatSecret> of(String platform) {
    return OF_PLATFORM.getOrDefault(platform, List.of());
  }

  /** Whether it is given, or has to be asked for. */
  boolean isWanted(Map<String, String> environment) {
    boolean isGiven = !environment.getOrDefault(variable, "").isBlank();
    return isGiven
        || !insteadOf.equals(variable) && environment.getOrDefault(insteadOf, "").isBlank();
  }

  /**
   * Its value: from the environment, else a person types it, unseen.
   *
   * @throws ClientException where there is neither
   */
  public String read(Map<String, String> environment, Optional<Console> console) {
    String given = given(environment, console);
    try {
      return isFile ? Files.readString(Path.of(given)) : given;
    } catch (IOException | InvalidPathException e) {
      throw new ClientException("%s cannot be read: it is the %s.".formatted(given, where));
    }
  }

  private String given(Map<String, String> environment, Optional<Console> console) {
    String given = environment.get(variable);
    if (given != null && !given.isBlank()) {
      return given.strip();
    }
    char[] typed =
        console
            .map(one -> one.readPassword("%s: ", where))
            .orElseThrow(() -> new ClientException("Set %s: the %s.".formatted(variable, where)));
    if (typed == null || typed.length == 0) {
      throw new ClientException("Nothing was typed: the %s is needed.".formatted(where));
    }
    return new String(typed).strip();
  }
}
