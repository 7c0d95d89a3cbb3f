package dev.concert.platform.cluster;

import dev.concert.bus.Addresses;
import dev.concert.bus.ClusterMessages.NodeDescriptor;
import dev.concert.bus.ClusterMessages.Owns;
import dev.concert.bus.ClusterMessages.PlaceInstance;
import dev.concert.bus.ClusterMessages.WhoOwns;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.Directory;
import dev.concert.bus.Service;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds the node of an instance: in memory, on this node's disk, in the gateway's placements, then
 * by a question to all coordinators. A gateway places an instance that nobody owns, and stores the
 * node before it uses it. Thread-safe.
 */
final class ClusterDirectory implements Directory {
  private static final Duration QUESTION = Duration.ofSeconds(1);
  private static final Duration PLACING = Duration.ofSeconds(5);
  private static final long RETRY_AFTER_MS = 1000;
  private static final int MAX_KNOWN = 100_000;

  private final Vertx vertx;
  private final String node;
  private final Optional<InstanceFolders> folders;
  private final Optional<Placements> placements;
  private final Map<String, NodeDescriptor> nodes = new ConcurrentHashMap<>();
  private final Map<String, Future<String>> owners = new ConcurrentHashMap<>();
  private final Map<String, Question> questions = new ConcurrentHashMap<>();
  private final Map<String, Future<Void>> removals = new ConcurrentHashMap<>();
  private volatile ConcertBus bus;
  private volatile String inbox = "";

  private record Question(Promise<Optional<String>> owner, Set<String> silent) {}

  /**
   * @param folders what is on this node, where it is a coordinator
   * @param placements of a gateway
   */
  ClusterDirectory(
      Vertx vertx,
      String node,
      Optional<InstanceFolders> folders,
      Optional<Placements> placements) {
    this.vertx = vertx;
    this.node = node;
    this.folders = folders;
    this.placements = placements;
  }

  /** Starts to take answers; completes when others can send them. */
  Future<Void> open(ConcertBus opened) {
    bus = opened;
    inbox = opened.newAddress(Addresses.OWNS);
    return opened.open(Addresses.OWNS, inbox, this::answered).completion();
  }

  /** Another node told who it is. */
  void know(NodeDescriptor descriptor) {
    nodes.put(descriptor.name(), descriptor);
  }

  /** How many nodes are known, this one included. */
  int size() {
    return nodes.size();
  }

  @Override
  public Future<String> ownerOf(Service service, String key) {
    if (owners.size() > MAX_KNOWN) {
      owners.clear();
    }
    return owners.computeIfAbsent(
        key, unknown -> resolve(unknown).onFailure(_ -> owners.remove(unknown)));
  }

  private Future<String> resolve(String key) {
    Promise<String> owner = Promise.promise();
    // Not inside the map's lock.
    vertx.runOnContext(
        _ ->
            here(key)
                .compose(here -> here ? Future.succeededFuture(node) : stored(key))
                .onComplete(owner));
    return owner.future();
  }

  private Future<Boolean> here(String key) {
    return folders.map(ours -> ours.has(key)).orElse(Future.succeededFuture(false));
  }

  private Future<String> stored(String key) {
    // What is just forgotten must not be found again.
    return removals
        .getOrDefault(key, Future.succeededFuture())
        .compose(_ -> find(key))
        .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> ask(key)));
  }

  private Future<Optional<String>> find(String key) {
    return placements
        .map(table -> table.find(key))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  private Future<String> ask(String key) {
    Set<String> coordinators = ConcurrentHashMap.newKeySet();
    coordinators.addAll(coordinators());
    if (coordinators.isEmpty()) {
      return Future.failedFuture(unavailable("No coordinator is in the cluster."));
    }
    Question question = new Question(Promise.promise(), coordinators);
    questions.put(key, question);
    bus.publish(Addresses.WHO_OWNS, new WhoOwns(key, inbox));
    long timer =
        vertx.setTimer(QUESTION.toMillis(), _ -> question.owner().tryComplete(Optional.empty()));
    return question
        .owner()
        .future()
        .onComplete(
            _ -> {
              vertx.cancelTimer(timer);
              questions.remove(key);
            })
        .compose(
            owner ->
                owner
                    .map(name -> store(key, name))
                    .orElseGet(
                        () ->
                            question.silent().isEmpty()
                                ? place(key)
                                // It may have the instance: a second one would hide its files.
                                : Future.failedFuture(
                                    unavailable("A coordinator does not answer."))));
  }

  private void answered(Owns answer) {
    Question question = questions.get(answer.key());
    if (question == null) {
      return;
    }
    question.silent().remove(answer.node());
    if (answer.owns()) {
      question.owner().tryComplete(Optional.of(answer.node()));
    } else if (question.silent().isEmpty()) {
      question.owner().tryComplete(Optional.empty());
    }
  }

  private Future<String> store(String key, String name) {
    return placements
        .map(table -> table.store(key, name).map(name))
        .orElse(Future.succeededFuture(name));
  }

  private Future<String> place(String key) {
    if (placements.isEmpty()) {
      return Future.failedFuture(unavailable("No node has this instance."));
    }
    List<String> coordinators = coordinators();
    String chosen = coordinators.get(ThreadLocalRandom.current().nextInt(coordinators.size()));
    return bus.request(chosen, Addresses.PLACE_INSTANCE, new PlaceInstance(chosen, key), PLACING)
        .compose(_ -> store(key, chosen));
  }

  private List<String> coordinators() {
    return nodes.values().stream()
        .filter(one -> one.roles().contains(NodeRole.COORDINATOR.wireName()))
        .map(NodeDescriptor::name)
        .toList();
  }

  @Override
  public void forget(Service service, String key, String name) {
    placements.ifPresent(
        table -> {
          Future<Void> removal = table.remove(key, name);
          removals.put(key, removal);
          removal.onComplete(_ -> removals.remove(key, removal));
        });
    owners.remove(key);
  }

  @Override
  public Future<String> hostOf(String name) {
    return Optional.ofNullable(nodes.get(name))
        .map(known -> Future.succeededFuture(known.host()))
        .orElseGet(() -> Future.failedFuture(unavailable("Node '" + name + "' is away.")));
  }

  private static ConcertException unavailable(String message) {
    return ConcertException.retryAfter(ErrorCode.PODIUM_UNAVAILABLE, message, RETRY_AFTER_MS);
  }
}
