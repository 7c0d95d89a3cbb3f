package dev.concert.foundation.lease;

import dev.concert.foundation.redis.RedisLink;
import dev.concert.foundation.redis.RedisScript;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease among the nodes that share a Redis. A holder renews its term three times in its length.
 * One that is dead, paused or cut off does not, and another node takes over when the term is over.
 *
 * <p>{@link LeaseTerm#isHeld} is measured by this node's own clock from before the last renewal was
 * asked for, less a tenth: it is false before Redis lets another node in, also right after a pause.
 * What slips through, such as the pause of a whole virtual machine, is stopped by the epoch.
 */
public final class RedisLease implements Lease {
  /** The length of a term, if nothing else is asked for. */
  public static final Duration LENGTH = Duration.ofSeconds(9);

  private static final Logger LOG = LoggerFactory.getLogger(RedisLease.class);
  private static final RedisScript ACQUIRE = RedisScript.of(RedisLease.class, "acquire.lua");
  private static final RedisScript RENEW = RedisScript.of(RedisLease.class, "renew.lua");
  private static final RedisScript RELEASE = RedisScript.of(RedisLease.class, "release.lua");
  private static final int RENEWALS = 3;
  private static final long ANSWER_SECONDS = 5;

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final String prefix;
  private final String node;
  private final Duration length;

  /**
   * @param url of the Redis; a secret
   * @param namespace of the names: nodes of another namespace are no rivals
   * @param node the name of this node
   * @param length of a term: for so long nobody holds the name of a node that died
   */
  public RedisLease(Vertx vertx, String url, String namespace, String node, Duration length) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = new RedisLink(vertx, url);
    this.prefix = "concert:" + namespace + ":lease:";
    this.node = node;
    this.length = length;
  }

  /** Both keys of a name are in the same slot of a Redis cluster. */
  private String holderKey(String name) {
    return prefix + "{" + name + "}:holder";
  }

  @Override
  public Optional<LeaseTerm> tryAcquire(String name) throws IOException {
    LeaseName.verify(name);
    String holder = node + " " + UUID.randomUUID();
    long asked = System.nanoTime();
    long epoch =
        await(
                name,
                () ->
                    redis.run(
                        ACQUIRE,
                        List.of(holderKey(name), prefix + "{" + name + "}:epoch"),
                        List.of(holder, Long.toString(length.toMillis()))))
            .toLong();
    return epoch == 0 ? Optional.empty() : Optional.of(new Term(name, holder, epoch, asked));
  }

  @Override
  public Optional<String> holder(String name) throws IOException {
    LeaseName.verify(name);
    return Optional.ofNullable(
            await(name, () -> redis.send(Request.cmd(Command.GET).arg(holderKey(name)))))
        .map(found -> found.toString().split(" ", 2)[0]);
  }

  /** The connection is used on one context; who asks waits on another thread. */
  private Response await(String name, Supplier<Future<Response>> question) throws IOException {
    Promise<Response> answer = Promise.promise();
    context.runOnContext(_ -> question.get().onComplete(answer));
    try {
      return answer
          .future()
          .toCompletionStage()
          .toCompletableFuture()
          .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while Redis was asked who holds '" + name + "'", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("Redis does not say who holds '" + name + "'", e);
    }
  }

  /** Closes the connection. Terms that were not closed are over when their time is. */
  @Override
  public void close() {
    context.runOnContext(_ -> redis.close());
  }

  private final class Term implements LeaseTerm {
    private final String name;
    private final String holder;
    private final long epoch;
    private final long timer;

    /** By the clock of {@link System#nanoTime}, which goes on while the process is paused. */
    private volatile long end;

    private volatile boolean over;

    private Term(String name, String holder, long epoch, long asked) {
      this.name = name;
      this.holder = holder;
      this.epoch = epoch;
      this.end = end(asked);
      this.timer = vertx.setPeriodic(length.toMillis() / RENEWALS, _ -> renew());
    }

    private long end(long asked) {
      return asked + length.toNanos() / 10 * 9;
    }

    private void renew() {
      if (!isHeld()) {
        finish();
        return;
      }
      context.runOnContext(
          _ -> {
            long asked = System.nanoTime();
            redis
                .run(
                    RENEW,
                    List.of(holderKey(name)),
                    List.of(holder, Long.toString(length.toMillis())))
                .onSuccess(
                    answer -> {
                      if (answer.toLong() == 1) {
                        end = end(asked);
                      } else {
                        finish();
                      }
                    });
          });
    }

    /** A failed renewal is tried again; what ends the term is its time. */
    private void finish() {
      over = true;
      vertx.cancelTimer(timer);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public boolean isHeld() {
      return !over && System.nanoTime() - end < 0;
    }

    @Override
    public void close() {
      if (!over) {
        finish();
        try {
          await(name, () -> redis.run(RELEASE, List.of(holderKey(name)), List.of(holder)));
        } catch (IOException e) {
          LOG.info("The lease of '{}' ends by itself: {}", name, e.getMessage());
        }
      }
    }
  }
}
