package dev.concert.coordinator.egress.policy;

import dev.concert.foundation.http.PublicAddresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Decides where one agent may connect to: first about the name, then about each address that it
 * resolves to. Names are resolved on workers, few at a time, so that one agent with names that
 * never resolve takes no threads from others. Belongs to one event loop.
 */
public final class EgressGate {
  private static final int ADDRESSES_TRIED = 3;

  private final Vertx vertx;
  private final List<EgressPolicy> policies;
  private final OwnServers own;
  private final NameLookup lookup;
  private final WorkerExecutor workers;
  private final EgressLimits limits;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int running;

  /**
   * @param operator policy of the operator, who alone may allow private addresses
   * @param manifest policy of the agent type, which may only narrow the operator's
   */
  public EgressGate(
      Vertx vertx,
      EgressPolicy operator,
      Optional<EgressPolicy> manifest,
      OwnServers own,
      NameLookup lookup,
      WorkerExecutor workers,
      EgressLimits limits) {
    this.vertx = vertx;
    this.policies = new ArrayList<>(List.of(operator));
    manifest.ifPresent(policies::add);
    this.own = own;
    this.lookup = lookup;
    this.workers = workers;
    this.limits = limits;
  }

  /**
   * The addresses to connect to, one after the other; at least one. Fails with a {@link
   * RefusedException} when a policy refuses the destination, or its name does not resolve.
   */
  public Future<List<InetAddress>> admit(Destination wanted) {
    return policies.stream()
        .flatMap(policy -> policy.refusal(wanted).stream())
        .findFirst()
        .map(reason -> Future.<List<InetAddress>>failedFuture(new RefusedException(403, reason)))
        .orElseGet(() -> resolve(wanted));
  }

  private Future<List<InetAddress>> resolve(Destination wanted) {
    Promise<List<InetAddress>> found = Promise.promise();
    // Future.timeout would complete on another thread, because the promise has no context.
    long timer =
        vertx.setTimer(
            limits.connect().toMillis(), _ -> found.tryFail(new TimeoutException(wanted.host())));
    Runnable task = () -> inWorker(() -> permitted(wanted), found);
    if (running < limits.lookups()) {
      task.run();
    } else {
      waiting.add(task);
    }
    return found
        .future()
        .onComplete(_ -> vertx.cancelTimer(timer))
        .recover(failure -> Future.failedFuture(asRefusal(wanted, failure)))
        .onFailure(_ -> waiting.remove(task));
  }

  private <T> void inWorker(Callable<T> task, Promise<T> result) {
    Future<T> work;
    try {
      work = workers.executeBlocking(task, false);
    } catch (RejectedExecutionException e) {
      result.tryFail(e); // the coordinator stops
      return;
    }
    running++;
    work.onComplete(
        done -> {
          running--;
          Optional.ofNullable(waiting.poll()).ifPresent(Runnable::run);
          if (done.succeeded()) {
            result.tryComplete(done.result());
          } else {
            result.tryFail(done.cause());
          }
        });
  }

  private static RefusedException asRefusal(Destination wanted, Throwable failure) {
    return switch (failure) {
      case RefusedException refused -> refused;
      case UnknownHostException _ ->
          new RefusedException(
              502, "The name %s does not resolve to an address.".formatted(wanted.host()));
      default ->
          new RefusedException(
              504, "The name %s could not be resolved in time.".formatted(wanted.host()));
    };
  }

  private List<InetAddress> permitted(Destination wanted) throws UnknownHostException {
    List<InetAddress> resolved = lookup.resolve(wanted.host());
    List<InetAddress> permitted = new ArrayList<>();
    for (InetAddress address : resolved) {
      if (permits(wanted, address) && permitted.size() < ADDRESSES_TRIED) {
        // Without the name, so that nothing can resolve it once more.
        permitted.add(InetAddress.getByAddress(address.getAddress()));
      }
    }
    if (permitted.isEmpty()) {
      throw new RefusedException(403, whyNot(wanted, resolved));
    }
    return permitted;
  }

  private boolean permits(Destination wanted, InetAddress address) {
    if (own.contain(wanted, address)) {
      return false;
    }
    if (PublicAddresses.contain(address) && !PublicAddresses.isOfThisHost(address)) {
      return true;
    }
    return policies.getFirst().names(wanted) && !isSpecial(wanted, address);
  }

  /** A name that is allowed must not become one for a metadata service: only its address may. */
  private static boolean isSpecial(Destination wanted, InetAddress address) {
    return (address.isLinkLocalAddress()
            || address.isMulticastAddress()
            || address.isAnyLocalAddress())
        && !wanted.host().equals(address.getHostAddress());
  }

  private static String whyNot(Destination wanted, List<InetAddress> resolved) {
    String address = resolved.isEmpty() ? "nothing" : resolved.getFirst().getHostAddress();
    String subject =
        wanted.host().equals(address)
            ? wanted.toString()
            : "%s resolves to %s and".formatted(wanted, address);
    return "%s is not on the public internet: agents may not reach private addresses or this server."
        .formatted(subject);
  }
}
