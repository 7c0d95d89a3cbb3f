package dev.concert.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The event bus with types, timeouts, owners and coded failures.
 *
 * <p>A request carries the time it has left; one whose time is over is not executed. It also
 * carries the trace of its caller where traces are on (Vert.x adds the header {@code traceparent}).
 * A failure crosses whole: its code, sentence, time to wait and service. One without a code is
 * logged where it happened and crosses as {@code INTERNAL}.
 *
 * <p>A request that reached nobody is sent again when its address allows that, after a short random
 * pause. A destination that does not answer several times in a row gets no request for a while
 * ({@link Breakers}). A {@code NOT_OWNER} makes the bus look for the owner again, once.
 *
 * <p>Thread-safe. Futures complete on the caller's context.
 */
public final class ConcertBus {
  private static final int MAX_ATTEMPTS = 3;
  private static final long FIRST_PAUSE_MS = 50;

  private final Vertx vertx;
  private final EventBus bus;
  private final BusNode node;
  private final Map<Service, Endpoint> endpoints = new ConcurrentHashMap<>();

  /** {@link BusCodecs#register} must have been called on this Vert.x before. */
  public ConcertBus(Vertx vertx) {
    this.vertx = vertx;
    this.bus = vertx.eventBus();
    this.node = BusNode.of(vertx);
  }

  /** Name of this node. */
  public String node() {
    return node.name();
  }

  /** Finds owners and hosts. */
  public Directory directory() {
    return node.directory();
  }

  /** Sends a request and waits at most {@code timeout} for its answer. */
  public <Q extends Record, R extends Record> Future<R> request(
      Address<Q, R> address, Q message, Duration timeout) {
    return attempt(address, message, TimeLeft.of(timeout), 1, false);
  }

  /** The same, to one node whatever the directory says. */
  public <Q extends Record, R extends Record> Future<R> request(
      String nodeName, Address<Q, R> address, Q message, Duration timeout) {
    return send(address, message, TimeLeft.of(timeout), address.service().on(nodeName))
        .recover(failure -> Future.failedFuture(BusErrors.coded(address.service(), failure)));
  }

  private <Q extends Record, R extends Record> Future<R> attempt(
      Address<Q, R> address, Q message, TimeLeft left, int number, boolean resolvedAgain) {
    return switch (address) {
      case Address.Any<Q, R> any ->
          send(any, message, left, any.service().wireName())
              .recover(
                  failure ->
                      isWorthRepeating(any, failure, left, number)
                          ? pause(number)
                              .compose(_ -> attempt(any, message, left, number + 1, resolvedAgain))
                          : Future.failedFuture(BusErrors.coded(any.service(), failure)));
      case Address.Owner<Q, R> owner -> {
        String key = owner.key().apply(message);
        yield ownerOf(owner.service(), key)
            .compose(
                name ->
                    send(owner, message, left, owner.service().on(name))
                        .recover(
                            failure -> {
                              if (BusErrors.isNotOwner(failure) && !resolvedAgain) {
                                node.directory().forget(owner.service(), key, name);
                                return attempt(owner, message, left, number, true);
                              }
                              return isWorthRepeating(owner, failure, left, number)
                                  ? pause(number)
                                      .compose(
                                          _ ->
                                              attempt(
                                                  owner, message, left, number + 1, resolvedAgain))
                                  : Future.failedFuture(BusErrors.coded(owner.service(), failure));
                            }));
      }
    };
  }

  /** The directory may look for the owner elsewhere; the answer comes back to this context. */
  private Future<String> ownerOf(Service service, String key) {
    Future<String> owner = node.directory().ownerOf(service, key);
    return owner.isComplete()
        ? owner
        : Future.fromCompletionStage(owner.toCompletionStage(), vertx.getOrCreateContext());
  }

  private static boolean isWorthRepeating(
      Address<?, ?> address, Throwable failure, TimeLeft left, int number) {
    return address.delivery() == Address.Delivery.REPEATABLE
        && BusErrors.reachedNobody(failure)
        && number < MAX_ATTEMPTS
        && left.millis() > 2 * pauseMs(number);
  }

  /** A random time around 50 ms, then 150 ms: many callers do not come back at once. */
  private Future<Void> pause(int number) {
    long base = pauseMs(number);
    return vertx.timer(
        base / 2 + ThreadLocalRandom.current().nextLong(base), TimeUnit.MILLISECONDS);
  }

  private static long pauseMs(int number) {
    return number == 1 ? FIRST_PAUSE_MS : 3 * FIRST_PAUSE_MS;
  }

  private <Q extends Record, R extends Record> Future<R> send(
      Address<Q, R> address, Q message, TimeLeft left, String destination) {
    if (left.isOver()) {
      return Future.failedFuture(BusErrors.timeout(address.service()));
    }
    return address.delivery() == Address.Delivery.PROBE
        ? write(address, message, left, destination)
        : node.breakers().guard(destination, () -> write(address, message, left, destination));
  }

  private <Q extends Record, R extends Record> Future<R> write(
      Address<Q, R> address, Q message, TimeLeft left, String destination) {
    try {
      return bus.<R>request(destination, message, options(address, left))
          .map(reply -> address.reply().cast(reply.body()));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static DeliveryOptions options(Address<?, ?> address, TimeLeft left) {
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(Math.max(1, left.millis()))
            .addHeader(Endpoint.OPERATION, address.operation());
    left.into(options.getHeaders());
    return options;
  }

  /** Sends a request of which nobody waits for the answer. It may get lost. */
  public <Q extends Record, R extends Record> void notify(Address<Q, R> address, Q message) {
    switch (address) {
      case Address.Any<Q, R> any -> notify(any, message, any.service().wireName());
      case Address.Owner<Q, R> owner ->
          node.directory()
              .ownerOf(owner.service(), owner.key().apply(message))
              .onSuccess(name -> notify(owner, message, owner.service().on(name)));
    }
  }

  private void notify(Address<?, ?> address, Record message, String destination) {
    bus.send(
        destination,
        message,
        new DeliveryOptions().addHeader(Endpoint.OPERATION, address.operation()));
  }

  /**
   * Answers an operation. All operations of a service run on the context of the first such call.
   */
  public <Q extends Record, R extends Record> Registration serve(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    return endpoints
        .computeIfAbsent(address.service(), service -> new Endpoint(bus, service, node))
        .add(address, handler);
  }

  /** Sends a message to every listener of a topic; nothing tells whether it arrived. */
  public <E extends Record> void publish(Topic<E> topic, E message) {
    bus.publish(
        topic.name(),
        message,
        new DeliveryOptions().setLocalOnly(topic.scope() == Topic.Scope.NODE));
  }

  /** Listens to a topic. The listener runs on the context that calls this. */
  public <E extends Record> Registration listen(Topic<E> topic, Consumer<E> listener) {
    return registration(
        topic.scope() == Topic.Scope.NODE
            ? bus.<E>localConsumer(topic.name(), message -> listener.accept(message.body()))
            : bus.<E>consumer(topic.name(), message -> listener.accept(message.body())));
  }

  /** An address for an inbox of this node that nobody else has. */
  public String newAddress(Inbox<?> inbox) {
    return "%s@%s/%s".formatted(inbox.name(), node.name(), UUID.randomUUID().toString());
  }

  /** Opens an inbox at an address. The listener runs on the context that calls this. */
  public <E extends Record> Registration open(
      Inbox<E> inbox, String address, Consumer<E> listener) {
    return registration(
        bus.<E>consumer(address, message -> listener.accept(inbox.message().cast(message.body()))));
  }

  /** Sends to an inbox; nothing tells whether it arrived. */
  public <E extends Record> void send(Inbox<E> inbox, String address, E message) {
    bus.send(address, inbox.message().cast(message));
  }

  private static Registration registration(MessageConsumer<?> consumer) {
    return new Registration(consumer.address(), consumer.completion(), consumer::unregister);
  }
}
