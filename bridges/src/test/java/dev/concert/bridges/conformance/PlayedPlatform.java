package dev.concert.bridges.conformance;

import dev.concert.bridges.irc.NgIrcd;
import dev.concert.testing.chatserver.Prosody;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** The platforms: a new one is a row. */
enum PlayedPlatform {
  DISCORD(DiscordWorld::new),
  GITHUB(GitHubWorld::new),
  GOOGLE_CHAT(() -> new GoogleChatWorld(false)),
  GOOGLE_CHAT_PULLED(() -> new GoogleChatWorld(true)),
  IRC(IrcWorld::new),
  LINEAR(LinearWorld::new),
  MATRIX(MatrixWorld::new),
  SLACK(() -> new SlackWorld(false)),
  SLACK_SOCKET(() -> new SlackWorld(true)),
  TEAMS(TeamsWorld::new),
  TELEGRAM(() -> new TelegramWorld(false)),
  TELEGRAM_FETCHED(() -> new TelegramWorld(true)),
  XMPP(XmppWorld::new);

  private static final List<String> WAYS = List.of("_PULLED", "_SOCKET", "_FETCHED");

  private final Supplier<ChatWorld> world;

  PlayedPlatform(Supplier<ChatWorld> world) {
    this.world = world;
  }

  /** One row for each way of sending; the others differ in how events come. */
  static Set<PlayedPlatform> senders() {
    return EnumSet.of(DISCORD, GOOGLE_CHAT, LINEAR, MATRIX, SLACK, TEAMS, TELEGRAM);
  }

  /** Those, and GitHub, whose comments can fail in the same ways. */
  static Set<PlayedPlatform> failing() {
    Set<PlayedPlatform> all = EnumSet.copyOf(senders());
    all.add(GITHUB);
    return all;
  }

  /** Whether its server, where it is a real one, is installed here. */
  boolean isInstalled() {
    return this == IRC ? NgIrcd.isInstalled() : this != XMPP || Prosody.isInstalled();
  }

  /** The name of the platform, of which this may be one way. */
  String platform() {
    String name = name();
    for (String way : WAYS) {
      name = name.replace(way, "");
    }
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** One row for each platform. */
  static Set<PlayedPlatform> ofEachPlatform() {
    Set<PlayedPlatform> all = EnumSet.allOf(PlayedPlatform.class);
    all.removeIf(one -> WAYS.stream().anyMatch(one.name()::endsWith));
    return all;
  }

  ChatWorld open() {
    return world.get();
  }
}
