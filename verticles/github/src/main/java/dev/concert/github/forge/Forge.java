package dev.concert.github.forge;

import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitUpstream;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.ForgeEvent;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A kind of place with repositories and issues, such as GitHub, as far as work needs it. Everything
 * else is asked of it by {@link ForgeRepository}. Non-blocking, on one context, unless it says
 * otherwise.
 */
public interface Forge {
  /** As {@code concert bridge add} and addresses of webhooks have it. */
  String platform();

  /** For people, such as GitHub. */
  String title();

  /**
   * What somebody wants to connect; the forge was asked whether it takes it.
   *
   * @param id of the connection
   * @return fails with a sentence where a setting or a secret is wrong
   */
  Future<ForgeConnection> prove(AddBridge wanted, String id);

  /** A sentence of who the connection is now; fails where the forge does not take its secrets. */
  Future<String> test(ForgeConnection connection);

  /** Nothing is kept of a connection that is removed. */
  default void forget(ForgeConnection connection) {}

  /** Checks that the forge sent a webhook, and reads it. Blocking, since it may be large. */
  ForgeDelivery read(ForgeConnection connection, DeliverWebhook webhook);

  /** A webhook is read, and durable if work needs it; returns what automations hear of it. */
  default Future<Optional<RepositoryActivity>> received(
      ForgeConnection connection, ForgeDelivery delivery) {
    return Future.succeededFuture(delivery.happened());
  }

  /** A new event is durable; it is told again where a crash came before it was worked on. */
  default void claimed(ForgeConnection connection, String deliveryId, ForgeEvent event) {}

  /** The member who is linked to a person of the forge; empty where nobody is. */
  default Future<Optional<String>> member(ForgeConnection connection, long person) {
    return Future.succeededFuture(Optional.empty());
  }

  /** Whether the connection works where this happened. */
  default Future<Boolean> serves(ForgeConnection connection, ForgeEvent event) {
    return Future.succeededFuture(true);
  }

  /** In which installation of an App a repository is, where 0 was told; 0 where there are none. */
  default Future<Long> installation(ForgeConnection connection, long told, RepositoryName name) {
    return Future.succeededFuture(told);
  }

  /**
   * A repository as a connection sees it.
   *
   * @param installation of the App there; 0 where the forge has none
   */
  ForgeRepository repository(ForgeConnection connection, long installation, RepositoryName name);

  /** How git reaches it. */
  GitUpstream git(ForgeConnection connection, long installation, RepositoryName name);

  /** What a repository is called now; empty where it is not there any more. */
  Future<Optional<RepositoryName>> nameOf(
      ForgeConnection connection, long installation, long repositoryId);

  /** The mail of somebody, with which the forge knows their commits. */
  String mail(long id, String login);

  /** Where people see an issue or change request. */
  String page(RepositoryName name, IssueRef ref);

  /** How texts refer to a change request. */
  default String change(int number) {
    return "#" + number;
  }

  /** Where the rules of a repository are, on its default branch. */
  String rulesPath();
}
