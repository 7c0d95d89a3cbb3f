package dev.concert.platform.command.bridge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The app package that is uploaded to Teams, so that people find the bot there. Format:
 * https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema.
 */
final class TeamsAppPackage {
  private static final String VERSION = "1.19";
  private static final String[] SCOPES = {"personal", "team", "groupChat"};
  private static final Map<String, String> COMMANDS = commands();

  private TeamsAppPackage() {}

  private static Map<String, String> commands() {
    Map<String, String> commands = new LinkedHashMap<>();
    commands.put("status", "What I am doing");
    commands.put("stop", "Stops what I am doing");
    commands.put("new", "Begins a new session");
    commands.put("model", "Shows the model of this conversation");
    commands.put("help", "What you can ask for");
    return commands;
  }

  /**
   * Writes the package; one that is there is replaced.
   *
   * @param appId of the application's registration
   * @param site of the people who run this server, with https
   */
  static void write(Path file, String appId, String site) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("manifest.json"));
      zip.write(
          Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest(appId, site)));
      zip.closeEntry();
      for (String icon : new String[] {"color.png", "outline.png"}) {
        zip.putNextEntry(new ZipEntry(icon));
        try (InputStream picture = TeamsAppPackage.class.getResourceAsStream(icon)) {
          picture.transferTo(zip);
        }
        zip.closeEntry();
      }
    }
  }

  private static ObjectNode manifest(String appId, String site) {
    ObjectNode manifest =
        Json.MAPPER
            .createObjectNode()
            .put(
                "$schema",
                "https://developer.microsoft.com/en-us/json-schemas/teams/v%s/MicrosoftTeams.schema.json"
                    .formatted(VERSION))
            .put("manifestVersion", VERSION)
            .put("version", "1.0.0")
            .put("id", appId)
            .put("accentColor", "#1F5FC4");
    manifest
        .putObject("developer")
        .put("name", "Concert")
        .put("websiteUrl", site)
        .put("privacyUrl", site)
        .put("termsOfUseUrl", site);
    manifest.putObject("name").put("short", "Concert").put("full", "Concert");
    manifest
        .putObject("description")
        .put("short", "Talk to your agents")
        .put("full", "Write to Concert, or mention it in a channel, and an agent works on it.");
    manifest.putObject("icons").put("color", "color.png").put("outline", "outline.png");
    manifest.putArray("bots").add(bot(appId));
    manifest.putObject("webApplicationInfo").put("id", appId).put("resource", site);
    permissions(manifest);
    return manifest;
  }

  private static ObjectNode bot(String appId) {
    ObjectNode bot =
        Json.MAPPER
            .createObjectNode()
            .put("botId", appId)
            .put("supportsFiles", false)
            .put("isNotificationOnly", false);
    scopes(bot);
    ObjectNode list = bot.putArray("commandLists").addObject();
    scopes(list);
    ArrayNode commands = list.putArray("commands");
    COMMANDS.forEach(
        (title, description) ->
            commands.addObject().put("title", title).put("description", description));
    return bot;
  }

  private static void scopes(ObjectNode of) {
    ArrayNode scopes = of.putArray("scopes");
    for (String scope : SCOPES) {
      scopes.add(scope);
    }
  }

  /** With these the bot hears replies in its threads; whoever adds it to a team is asked. */
  private static void permissions(ObjectNode manifest) {
    ArrayNode permissions =
        manifest.putObject("authorization").putObject("permissions").putArray("resourceSpecific");
    for (String name : new String[] {"ChannelMessage.Read.Group", "ChatMessage.Read.Chat"}) {
      permissions.addObject().put("name", name).put("type", "Application");
    }
  }
}
