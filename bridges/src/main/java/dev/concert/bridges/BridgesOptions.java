package dev.concert.bridges;

import dev.concert.bridges.googlechat.GoogleChatEndpoints;
import dev.concert.bridges.irc.IrcOptions;
import dev.concert.bridges.matrix.MatrixOptions;
import dev.concert.bridges.teams.TeamsEndpoints;
import dev.concert.bridges.xmpp.XmppOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.lease.LeaseOptions;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.secret.SecretOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Configures the chat bridges.
 *
 * @param folder of the connections and their secrets
 * @param tenants folder of the tenants
 * @param isShared whether several nodes have these folders
 * @param lease that says which of them serves the chats
 * @param secrets of all connections
 * @param agentType of new sessions, where a connection names none
 * @param page where browsers open Concert's page; empty where platforms are not to link to it
 * @param discordApi where Discord's REST API is, with its version
 * @param linearApi where Linear's OAuth and GraphQL are
 * @param slackApi where Slack's methods are
 * @param telegramApi where Telegram's Bot API is
 * @param teams where Microsoft's services are
 * @param irc to which servers bridges may connect
 * @param matrix which homeservers bridges may call
 * @param googleChat where Google's services are
 * @param xmpp to which servers bridges may connect
 * @param proxies on the way to platforms that speak HTTP
 */
public record BridgesOptions(
    Path folder,
    Path tenants,
    boolean isShared,
    LeaseOptions lease,
    SecretOptions secrets,
    String agentType,
    Optional<URI> page,
    URI discordApi,
    URI linearApi,
    URI slackApi,
    URI telegramApi,
    TeamsEndpoints teams,
    IrcOptions irc,
    MatrixOptions matrix,
    GoogleChatEndpoints googleChat,
    XmppOptions xmpp,
    OutboundProxies proxies) {
  private static final URI DISCORD = URI.create("https://discord.com/api/v10");
  private static final URI LINEAR = URI.create("https://api.linear.app");
  private static final URI TELEGRAM = URI.create("https://api.telegram.org");
  private static final URI SLACK = URI.create("https://slack.com/api/");

  /**
   * @param section {@code bridges}
   * @throws dev.concert.foundation.config.ConfigException with a sentence that names the wrong key
   */
  public static BridgesOptions from(
      ConfigReader section, Path data, Map<String, String> environment) {
    ConfigReader discord = section.section("discord");
    ConfigReader linear = section.section("linear");
    ConfigReader slack = section.section("slack");
    ConfigReader telegram = section.section("telegram");
    Optional<Path> shared = section.optionalPath("folder");
    Path folder = shared.orElse(data.resolve("bridges"));
    BridgesOptions options =
        new BridgesOptions(
            folder,
            shared.map(one -> one.resolve("tenants")).orElse(data.resolve("tenants")),
            shared.isPresent(),
            LeaseOptions.from(section.section("lease"), environment),
            SecretOptions.of(folder.resolve("secrets.db"), environment, "CONCERT_MASTER_KEY"),
            section.text("agent", "coding-agent"),
            section.optionalUrl("pageUrl").map(BridgesOptions::withoutSlash),
            discord.optionalUrl("apiUrl").orElse(DISCORD),
            linear.optionalUrl("apiUrl").orElse(LINEAR),
            slack.optionalUrl("apiUrl").orElse(SLACK),
            telegram.optionalUrl("apiUrl").orElse(TELEGRAM),
            TeamsEndpoints.from(section.section("teams")),
            IrcOptions.from(section.section("irc")),
            MatrixOptions.from(section.section("matrix")),
            GoogleChatEndpoints.from(section.section("googlechat")),
            XmppOptions.from(section.section("xmpp")),
            OutboundProxies.of(environment));
    discord.refuseUnknown();
    linear.refuseUnknown();
    telegram.refuseUnknown();
    slack.refuseUnknown();
    section.refuseUnknown();
    return options;
  }

  private static URI withoutSlash(URI url) {
    return URI.create(url.toString().replaceAll("/+$", ""));
  }

  Path tenant(String tenantId) {
    return tenants.resolve(tenantId).resolve("chat.db");
  }
}
