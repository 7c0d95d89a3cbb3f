package dev.concert.bus;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus with types, deadlines and coded failures.
 *
 * <p>Every request carries its deadline (header {@code deadline}, Unix ms) and a trace id (header
 * {@code trace}); an answer after the deadline is not waited for and fails with {@link
 * ErrorCode#TIMEOUT}. A handler's failure travels as its {@link ErrorCode} and safe message,
 * without a stack trace; one that has no code is logged where it happened and travels as {@link
 * ErrorCode#INTERNAL}.
 *
 * <p>Thread-safe. Futures complete on the caller's context.
 */
public final class ConcertBus {
  private static final Logger LOG = LoggerFactory.getLogger(ConcertBus.class);
  private static final String DEADLINE = "deadline";
  private static final String TRACE = "trace";

  private final EventBus bus;

  /**
   * The codecs of every address must have been registered with {@link BusCodecs#register} before.
   */
  public ConcertBus(Vertx vertx) {
    this.bus = vertx.eventBus();
  }

  /** Sends a request and waits at most {@code patience} for its answer. */
  public <Q extends Record, R extends Record> Future<R> request(
      Address<Q, R> address, Q message, Duration patience) {
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(patience.toMillis())
            .addHeader(DEADLINE, Long.toString(System.currentTimeMillis() + patience.toMillis()))
            .addHeader(TRACE, UUID.randomUUID().toString());
    return bus.<R>request(address.name(), message, options)
        .map(reply -> address.reply().cast(reply.body()))
        .recover(failure -> Future.failedFuture(coded(address.name(), failure)));
  }

  /** Answers the requests of an address. The handler runs on the context that calls this. */
  public <Q extends Record, R extends Record> MessageConsumer<Q> serve(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    return bus.<Q>consumer(
        address.name(),
        message -> {
          if (isLate(message)) {
            return;
          }
          invoke(handler, message.body())
              .onSuccess(message::reply)
              .onFailure(failure -> fail(address.name(), message, failure));
        });
  }

  /** Sends a message to every listener of a topic; nothing tells whether it arrived. */
  public <E extends Record> void publish(Topic<E> topic, E message) {
    bus.publish(topic.name(), message);
  }

  /** Listens to a topic. The listener runs on the context that calls this. */
  public <E extends Record> MessageConsumer<E> listen(Topic<E> topic, Consumer<E> listener) {
    return bus.<E>consumer(topic.name(), message -> listener.accept(message.body()));
  }

  private static boolean isLate(Message<?> message) {
    String deadline = message.headers().get(DEADLINE);
    return deadline != null && System.currentTimeMillis() > Long.parseLong(deadline);
  }

  private static <Q, R> Future<R> invoke(Function<Q, Future<R>> handler, Q request) {
    try {
      return handler.apply(request);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static void fail(String address, Message<?> message, Throwable failure) {
    if (!(failure instanceof ConcertException)) {
      LOG.error("Request to {} failed (trace {})", address, message.headers().get(TRACE), failure);
    }
    Problem problem = Problem.of(failure);
    message.fail(problem.code().number(), problem.message());
  }

  private static ConcertException coded(String address, Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return new ConcertException(ErrorCode.INTERNAL, "Something went wrong.", failure);
    }
    return switch (reply.failureType()) {
      case TIMEOUT ->
          new ConcertException(
              ErrorCode.TIMEOUT, "No answer came in time from " + address + ".", reply);
      case NO_HANDLERS ->
          new ConcertException(
              unavailable(address), "The service " + address + " is not running.", reply);
      case RECIPIENT_FAILURE, ERROR ->
          new ConcertException(
              ErrorCode.ofNumber(reply.failureCode()).orElse(ErrorCode.INTERNAL),
              reply.getMessage(),
              reply);
    };
  }

  private static ErrorCode unavailable(String address) {
    return address.startsWith("ensemble.")
        ? ErrorCode.ENSEMBLE_UNAVAILABLE
        : ErrorCode.PODIUM_UNAVAILABLE;
  }
}
