package dev.concert.bus;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service on this node: takes its requests from both of its addresses and answers each exactly
 * once. Runs on the context that made it.
 */
final class Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

  /** Header that names the operation. */
  static final String OPERATION = "operation";

  /** What Vert.x adds to a message of a traced request. */
  private static final String TRACE = "traceparent";

  private record Operation<Q extends Record, R extends Record>(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    Future<Boolean> isOurs(BusNode node, Record request) {
      return switch (address) {
        case Address.Any<Q, R> _ -> Future.succeededFuture(true);
        case Address.Owner<Q, R> owner ->
            node.ownership()
                .owns(owner.service(), owner.key().apply(owner.request().cast(request)));
      };
    }

    Future<R> run(Record request) {
      return handler.apply(address.request().cast(request));
    }
  }

  private final Service service;
  private final BusNode node;
  private final Map<String, Operation<?, ?>> operations = new ConcurrentHashMap<>();
  private final List<MessageConsumer<Record>> consumers;

  Endpoint(EventBus bus, Service service, BusNode node) {
    this.service = service;
    this.node = node;
    this.consumers =
        List.of(
            bus.consumer(service.wireName(), this::answer),
            bus.consumer(service.on(node.name()), this::answer));
  }

  <Q extends Record, R extends Record> Registration add(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    operations.put(address.operation(), new Operation<>(address, handler));
    return new Registration(
        service.on(node.name()),
        Future.all(consumers.stream().map(MessageConsumer::completion).toList()).mapEmpty(),
        () -> {
          operations.remove(address.operation());
          return Future.succeededFuture();
        });
  }

  private void answer(Message<Record> message) {
    if (TimeLeft.of(message.headers()).isOver()) {
      LOG.debug("A request to {} came after its time was over", message.address());
      return;
    }
    run(message)
        .onSuccess(reply -> reply(message, reply))
        .onFailure(failure -> refuse(message, failure));
  }

  private Future<? extends Record> run(Message<Record> message) {
    try {
      Operation<?, ?> operation = operations.get(message.headers().get(OPERATION));
      if (operation == null) {
        return Future.failedFuture(
            new ConcertException(service.unavailable(), service.title() + " is not running."));
      }
      Record request = message.body();
      if (node.ownership() == BusNode.Ownership.EVERYTHING) {
        return operation.run(request);
      }
      return operation
          .isOurs(node, request)
          .compose(ours -> ours ? operation.run(request) : Future.failedFuture(notOwner()));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private ConcertException notOwner() {
    return new ConcertException(
        ErrorCode.NOT_OWNER, "%s on this node does not own this.".formatted(service.title()));
  }

  private void reply(Message<Record> message, Record reply) {
    try {
      message.reply(reply);
    } catch (RuntimeException e) {
      refuse(message, e);
    }
  }

  private void refuse(Message<Record> message, Throwable failure) {
    if (Problem.isDefect(failure)) {
      LOG.error(
          "Request {} to {} failed (trace {})",
          message.headers().get(OPERATION),
          message.address(),
          message.headers().get(TRACE),
          failure);
    }
    Problem problem = Problem.of(failure);
    message.reply(
        new BusFailure(problem.service().isEmpty() ? problem.from(service.wireName()) : problem));
  }
}
