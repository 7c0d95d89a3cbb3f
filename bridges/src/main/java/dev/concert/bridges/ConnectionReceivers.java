package dev.concert.bridges;

import dev.concert.bridges.conversation.TenantChat;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.InboundEvent;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The receivers of this node's connections. On one context. */
final class ConnectionReceivers {
  private final Map<String, ChatPlatform> platforms;
  private final Function<String, Future<TenantChat>> tenants;
  private final Map<String, ChatReceiver> receivers = new HashMap<>();

  /**
   * @param tenants the chats of a tenant
   */
  ConnectionReceivers(
      Map<String, ChatPlatform> platforms, Function<String, Future<TenantChat>> tenants) {
    this.platforms = platforms;
    this.tenants = tenants;
  }

  /** Begins to fetch the events of a connection, where its platform has them fetched. */
  void start(ChatConnection connection) {
    ChatPlatform platform = platforms.get(connection.platform());
    if (platform == null || receivers.containsKey(connection.id())) {
      return;
    }
    platform
        .receiver(connection, inbox(connection))
        .ifPresent(
            receiver -> {
              receivers.put(connection.id(), receiver);
              receiver.start();
            });
  }

  private ChatInbox inbox(ChatConnection connection) {
    return new ChatInbox() {
      @Override
      public Future<Void> receive(List<InboundEvent> events) {
        return chat(connection).compose(chat -> chat.receive(connection, events));
      }

      @Override
      public Future<Optional<String>> bookmark() {
        return chat(connection).compose(chat -> chat.bookmark(connection.id()));
      }

      @Override
      public Future<Void> keep(String bookmark) {
        return chat(connection).compose(chat -> chat.keep(connection.id(), bookmark));
      }
    };
  }

  private Future<TenantChat> chat(ChatConnection connection) {
    return tenants.apply(connection.tenantId());
  }

  /** How the receiver of a connection is; empty where it has none. */
  Optional<ChatReceiver.Health> health(String connectionId) {
    return Optional.ofNullable(receivers.get(connectionId)).map(ChatReceiver::health);
  }

  void stop(String connectionId) {
    Optional.ofNullable(receivers.remove(connectionId)).ifPresent(ChatReceiver::stop);
  }

  void stopAll() {
    List.copyOf(receivers.keySet()).forEach(this::stop);
  }
}
