package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.conversation.ConversationStore.FollowedTurn;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.view.ShownTurn;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.client.GatewayClient.SessionEvents;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the events of a turn and keeps its messages in the outbox equal to them, at the
 * platform's pace. It begins with the turn's first event, also after a restart.
 */
final class TurnFollower {
  private static final Logger LOG = LoggerFactory.getLogger(TurnFollower.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.3);

  /** Telegram shows it for five seconds, Discord for ten. */
  private static final Duration TYPING = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  /** A retry does not help with these. */
  private static final Set<ErrorCode> FINAL =
      Set.of(ErrorCode.SESSION_NOT_FOUND, ErrorCode.AUTH_FAILED, ErrorCode.FORBIDDEN);

  private final Vertx vertx;
  private final GatewayClient gateway;
  private final MessageSink outgoing;
  private final String tenantId;
  private final FollowedTurn turn;
  private final ChatCapabilities capabilities;
  private final Runnable typing;
  private final ShownTurn view;
  private final Map<String, ChatText> put = new HashMap<>();
  private final Promise<Void> over = Promise.promise();
  private long typist = -1;
  private long seq;
  private int failures;
  private int pages;

  /** Not where people see more of the turn than this process has read by now. */
  private boolean mayShow;

  private volatile boolean stopped;

  /**
   * @param typing shows people for a few seconds that an answer is under way
   */
  TurnFollower(
      Vertx vertx,
      GatewayClient gateway,
      MessageSink outgoing,
      String tenantId,
      FollowedTurn turn,
      ChatCapabilities capabilities,
      Runnable typing) {
    this.vertx = vertx;
    this.gateway = gateway;
    this.outgoing = outgoing;
    this.tenantId = tenantId;
    this.turn = turn;
    this.capabilities = capabilities;
    this.typing = typing;
    this.view = ShownTurn.of(turn.turnId(), capabilities);
    this.seq = turn.seq();
  }

  /**
   * Follows a turn of which the chat shows nothing yet. Completes when the turn has ended and all
   * its messages are in the outbox.
   */
  Future<Void> begin() {
    mayShow = true;
    return run();
  }

  /** The same for a turn that people may see already: that stays until its events are read. */
  Future<Void> goOn() {
    return run();
  }

  private Future<Void> run() {
    go();
    typing.run();
    typist = vertx.setPeriodic(TYPING.toMillis(), _ -> typing.run());
    return over.future().onComplete(_ -> vertx.cancelTimer(typist));
  }

  /** First comes what could not be stored before. */
  private void go() {
    (mayShow ? show() : Future.<Void>succeededFuture()).onComplete(_ -> next(), this::failed);
  }

  /** Asks for nothing more. */
  void stop() {
    stopped = true;
    vertx.cancelTimer(typist);
  }

  /** One page after the other; a chain of futures would grow with the length of the turn. */
  private void next() {
    if (view.ended()) {
      over.tryComplete();
    } else if (stopped) {
      over.tryFail("stopped");
    } else {
      gateway
          .events(tenantId, turn.userId(), turn.sessionId(), seq)
          .compose(page -> take(page).map(page))
          .onComplete(this::taken, this::failed);
    }
  }

  private void taken(SessionEvents page) {
    failures = 0;
    if (view.ended()) {
      over.tryComplete();
    } else if (page.hasMore()) {
      // On the context, not on the stack of the answer.
      vertx.runOnContext(_ -> next());
    } else {
      pause(pace(), this::next);
    }
  }

  private Future<Void> take(SessionEvents page) {
    for (JsonNode event : page.events()) {
      seq = Math.max(seq, event.path("seq").asLong());
      view.add(event);
    }
    if (page.hasMore() && !view.ended()) {
      return Future.succeededFuture();
    }
    mayShow = true;
    return show();
  }

  private void failed(Throwable failure) {
    Problem problem = Problem.of(failure);
    if (failure instanceof LeaseLostException || stopped) {
      over.tryFail(failure);
    } else if (FINAL.contains(problem.code())) {
      outgoing
          .put(
              turn.connectionId(),
              turn.conversation(),
              turn.turnId() + ":error",
              ChatText.of("⚠️ " + problem.message()))
          .<Void>mapEmpty()
          .onComplete(over);
    } else {
      failures++;
      if (failures == 1) {
        LOG.info("Turn {} cannot be followed now: {}", turn.turnId(), problem.message());
      }
      pause(BACKOFF.after(failures), this::go);
    }
  }

  /** A short answer is shown at once; a long one at the pace at which it may be changed. */
  private Duration pace() {
    Duration longest = capabilities.canEdit() ? capabilities.editInterval() : FIRST_PAUSE;
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(pages++, 5));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }

  private void pause(Duration time, Runnable next) {
    vertx.setTimer(Math.max(1, time.toMillis()), _ -> next.run());
  }

  /** Puts what is new, in order. */
  private Future<Void> show() {
    Future<Void> all = Future.succeededFuture();
    for (Map.Entry<String, ChatText> message : view.messages().entrySet()) {
      if (!message.getValue().equals(put.get(message.getKey()))) {
        all =
            all.compose(
                    _ ->
                        outgoing.put(
                            turn.connectionId(),
                            turn.conversation(),
                            message.getKey(),
                            message.getValue().readBy(turn.userId()).askedBy(turn.sender())))
                .onSuccess(_ -> put.put(message.getKey(), message.getValue()));
      }
    }
    return all;
  }
}
