package dev.concert.bridges.conformance;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/** The platforms: a new one is a row. */
enum PlayedPlatform {
  DISCORD(DiscordWorld::new),
  SLACK(() -> new SlackWorld(false)),
  SLACK_SOCKET(() -> new SlackWorld(true)),
  TELEGRAM(() -> new TelegramWorld(false)),
  TELEGRAM_FETCHED(() -> new TelegramWorld(true));

  private final Supplier<ChatWorld> world;

  PlayedPlatform(Supplier<ChatWorld> world) {
    this.world = world;
  }

  /** One row for each way of sending; the others differ in how events come. */
  static Set<PlayedPlatform> senders() {
    return EnumSet.of(DISCORD, SLACK, TELEGRAM);
  }

  ChatWorld open() {
    return world.get();
  }
}
