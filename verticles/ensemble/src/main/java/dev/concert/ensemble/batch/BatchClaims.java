package dev.concert.ensemble.batch;

import dev.concert.ensemble.loop.LoopContext;
import dev.concert.error.FailureLog;
import dev.concert.foundation.redis.RedisLink;
import dev.concert.foundation.redis.RedisScript;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says through Redis which node has a batch in its books. A node that lives renews its claim, so
 * that of a lost node ends. Thread-safe.
 */
public final class BatchClaims {
  private static final Logger LOG = LoggerFactory.getLogger(BatchClaims.class);
  private static final RedisScript CLAIM = RedisScript.of(BatchClaims.class, "claim.lua");

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final String prefix;
  private final String node;

  /**
   * @param namespace nodes with the same namespace have the same batches
   * @param node the name of this one, also after a restart
   */
  public BatchClaims(Vertx vertx, RedisLink redis, String namespace, String node) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = redis;
    this.prefix = "{" + namespace + "}:batch:";
    this.node = node;
  }

  /** The name of this node. */
  String node() {
    return node;
  }

  /**
   * Claims a batch for this node, unless another has it.
   *
   * @return the node that has it now; empty while Redis is away
   */
  Future<Optional<String>> claim(KeptObject batch, Duration time) {
    Promise<Response> answer = Promise.promise();
    context.runOnContext(
        now ->
            redis
                .run(
                    CLAIM,
                    List.of(prefix + batch.owner() + ":" + batch.id()),
                    List.of(node, Long.toString(time.toMillis())))
                .onComplete(answer));
    return LoopContext.moved(
        vertx,
        answer
            .future()
            .map(holder -> Optional.of(holder.toString()))
            .recover(
                failure -> {
                  LOG.info(
                      "The batch {} waits for Redis: {}", batch.id(), FailureLog.reason(failure));
                  return Future.succeededFuture(Optional.empty());
                }));
  }

  /** Call it when no batch is asked about any more. */
  public Future<Void> stop() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(now -> redis.close().onComplete(closed));
    return closed.future();
  }
}
