package dev.concert.automations.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automations.run.RunStart.StartedTurn;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.RunOutcomes.Outcome;
import dev.concert.automations.store.RunRow;
import dev.concert.automations.store.RunRow.State;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run, from where it is to its end. On one context. */
public final class RunExecution {
  private static final Logger LOG = LoggerFactory.getLogger(RunExecution.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.3);

  /** What a repetition does not change. */
  private static final Set<ErrorCode> FINAL =
      Set.of(
          ErrorCode.SESSION_NOT_FOUND,
          ErrorCode.SESSION_ARCHIVED,
          ErrorCode.AGENT_TYPE_UNKNOWN,
          ErrorCode.MODEL_UNKNOWN,
          ErrorCode.INVALID_MESSAGE,
          ErrorCode.INSUFFICIENT_CREDITS,
          ErrorCode.PATH_INVALID);

  /** The owner may not do this any more. */
  private static final Set<ErrorCode> NOT_ALLOWED =
      Set.of(ErrorCode.AUTH_FAILED, ErrorCode.FORBIDDEN);

  private final RunServices services;
  private final AutomationRow automation;
  private final AutomationPolicy policy;
  private final RunRow run;
  private final RunStart start;
  private final RunConclusion conclusion;
  private TurnWatch watch;
  private Optional<StartedTurn> turn = Optional.empty();
  private Instant deadline;
  private Optional<String> stopReason = Optional.empty();
  private State stopState = State.STOPPED;
  private final Promise<Void> over = Promise.promise();
  private boolean isStopping;
  private int failures;
  private volatile boolean halted;

  public RunExecution(RunServices services, AutomationRow automation, RunRow run) {
    this.services = services;
    this.automation = automation;
    this.policy = automation.policy();
    this.run = run;
    this.start = new RunStart(services, automation);
    this.conclusion = new RunConclusion(services, automation, run);
  }

  /** Completes when the run is over and that is stored. Fails when it is halted, or fenced off. */
  public Future<Void> run() {
    deadline =
        run.startedAt().orElseGet(services.clock()::instant).plusSeconds(policy.timeoutSeconds());
    Future<Void> begun =
        run.startedAt().isPresent()
            ? Future.succeededFuture()
            : services.runs().begin(run.id(), services.clock().instant());
    return begun.compose(
        _ -> {
          startTurn();
          return over.future();
        });
  }

  /** Does nothing more; the run goes on at the next start. */
  public void halt() {
    halted = true;
  }

  /** Stops the agent; the run ends as stopped. */
  public void stop(String reason) {
    stopReason = Optional.of(reason);
    turn.ifPresent(started -> stopTurn(started.sessionId()));
  }

  /** Tries until the turn runs or the run is over; no chain of futures grows with the attempts. */
  private void startTurn() {
    start
        .turn(run)
        .onComplete(
            started -> {
              failures = 0;
              turn = Optional.of(started);
              watch = new TurnWatch(started.turnId(), policy);
              next(started.seq());
            },
            this::notStarted);
  }

  private void notStarted(Throwable failure) {
    Problem problem = Problem.of(failure);
    if (failure instanceof LeaseLostException || halted) {
      over.tryFail(failure);
    } else if (NOT_ALLOWED.contains(problem.code())) {
      notAllowed(problem).onComplete(over);
    } else if (problem.code() == ErrorCode.TURN_IN_PROGRESS) {
      // A person or another run works in the session; the next time will do.
      end(new Outcome(State.STOPPED, "Its session was busy.", "", false, true)).onComplete(over);
    } else if (FINAL.contains(problem.code())) {
      end(State.FAILED, problem.forPerson(), false).onComplete(over);
    } else if (stopReason.isPresent()) {
      end(stopState, stopReason.get(), false).onComplete(over);
    } else if (!services.clock().instant().isBefore(deadline)) {
      end(State.TIMED_OUT, "It did not start in time: " + problem.message(), false)
          .onComplete(over);
    } else {
      failures++;
      pause(BACKOFF.after(failures)).onComplete(_ -> startTurn());
    }
  }

  private Future<Void> notAllowed(Problem problem) {
    String reason = "Its owner is not allowed to run it: " + problem.message();
    return end(State.FAILED, reason, false)
        .compose(
            _ -> services.outcomes().disable(automation.id(), reason, services.clock().instant()));
  }

  /** Reads the events one page after the other. */
  private void next(long seq) {
    if (halted) {
      over.tryFail("halted");
      return;
    }
    if (watch.end().isPresent()) {
      conclude(watch.end().get())
          .onComplete(_ -> over.tryComplete(), failure -> lost(failure, () -> next(seq)));
      return;
    }
    enforce();
    services
        .gateway()
        .events(services.tenantId(), automation.owner(), turn.get().sessionId(), seq)
        .compose(page -> take(page.events(), seq))
        .onComplete(
            reached -> {
              failures = 0;
              // On the context, not on the stack of the answer.
              services.vertx().runOnContext(_ -> next(reached));
            },
            failure -> lost(failure, () -> next(seq)));
  }

  private Future<Long> take(List<JsonNode> events, long seq) {
    long last = seq;
    BigDecimal before = watch.cost();
    boolean waited = watch.waitsSince().isPresent();
    Future<Void> all = Future.succeededFuture();
    for (JsonNode event : events) {
      last = Math.max(last, event.path("seq").asLong());
      Optional<TurnWatch.Step> step = watch.add(event);
      if (step.isPresent()) {
        all = all.compose(_ -> react(step.get()));
      }
    }
    long reached = last;
    if (waited && watch.waitsSince().isEmpty()) {
      all = all.compose(_ -> services.runs().setState(run.id(), State.RUNNING));
    }
    if (watch.cost().compareTo(before) != 0) {
      all = all.compose(_ -> services.runs().setCost(run.id(), watch.cost()));
    }
    return all.map(reached);
  }

  private Future<Void> react(TurnWatch.Step step) {
    String question =
        switch (step) {
          case TurnWatch.Step.Answer answer -> answer.questionId();
          case TurnWatch.Step.Dismiss dismiss -> dismiss.questionId();
          case TurnWatch.Step.Ask ask -> ask.questionId();
        };
    // A replay after a crash may have the answer already.
    if (!watch.waitsFor(question)) {
      return Future.succeededFuture();
    }
    return switch (step) {
      case TurnWatch.Step.Answer(String id, boolean approved) -> answer(id, "approved", approved);
      case TurnWatch.Step.Dismiss(String id) -> answer(id, "dismissed", true);
      case TurnWatch.Step.Ask(String id, String text) -> ask(id, text);
    };
  }

  private Future<Void> answer(String questionId, String field, boolean value) {
    return services
        .gateway()
        .call(
            services.tenantId(),
            automation.owner(),
            "answer_question",
            GatewayClient.request()
                .put("sessionId", turn.get().sessionId())
                .put("questionId", questionId)
                .put(field, value))
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.QUESTION_NOT_FOUND
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private Future<Void> ask(String questionId, String text) {
    return services
        .outcomes()
        .ask(automation, run, questionId, text, services.clock().instant())
        .compose(_ -> services.runs().setState(run.id(), State.WAITING));
  }

  /** Stops a run that takes too long, waits too long for a person, or costs too much. */
  private void enforce() {
    if (stopReason.isPresent()) {
      if (!isStopping) {
        stopTurn(turn.get().sessionId());
      }
      return;
    }
    if (!services.clock().instant().isBefore(deadline)) {
      stopState = State.TIMED_OUT;
      stop("It took longer than %d s.".formatted(policy.timeoutSeconds()));
    } else if (watch.waitsSince().filter(this::isTooLongAgo).isPresent()) {
      stopState = State.TIMED_OUT;
      stop("Its question was not answered in time.");
    } else if (policy.budgetPerRun() != null && watch.cost().compareTo(policy.budgetPerRun()) > 0) {
      stopState = State.FAILED;
      stop("It cost more than its budget of $%s.".formatted(policy.budgetPerRun()));
    }
  }

  /** Counted from the question itself, so a restart gives no more time. */
  private boolean isTooLongAgo(Instant asked) {
    return !services.clock().instant().isBefore(asked.plusSeconds(policy.approvalTimeoutSeconds()));
  }

  private void stopTurn(String sessionId) {
    isStopping = true;
    services
        .gateway()
        .call(
            services.tenantId(),
            automation.owner(),
            "stop_turn",
            GatewayClient.request().put("sessionId", sessionId))
        .onFailure(
            failure -> {
              isStopping = false;
              LOG.info("Run {} is not stopped yet: {}", run.id(), Problem.of(failure).message());
            });
  }

  /** Goes on after a while, where that may help. */
  private void lost(Throwable failure, Runnable again) {
    Problem problem = Problem.of(failure);
    if (failure instanceof LeaseLostException || halted) {
      over.tryFail(failure);
    } else if (problem.code() == ErrorCode.SESSION_NOT_FOUND) {
      end(State.FAILED, "Its session was deleted.", false).onComplete(over);
    } else if (NOT_ALLOWED.contains(problem.code())) {
      notAllowed(problem).onComplete(over);
    } else {
      failures++;
      pause(BACKOFF.after(failures)).onComplete(_ -> again.run());
    }
  }

  private Future<Void> conclude(TurnWatch.End ended) {
    if (stopReason.isPresent()) {
      return end(stopState, stopReason.get(), false);
    }
    if (ended.stopped()) {
      return end(State.STOPPED, "A person stopped it.", false);
    }
    if (!ended.error().isEmpty()) {
      return end(State.FAILED, ended.error(), ended.retryable());
    }
    if (!watch.refusals().isEmpty()) {
      return end(
          State.UNVERIFIED,
          "The agent was not allowed to use " + String.join(", ", watch.refusals()) + ".",
          false);
    }
    return conclusion.of(turn.get().sessionId(), watch, deadline).compose(this::end);
  }

  private Future<Void> end(State state, String error, boolean retry) {
    return end(new Outcome(state, error, watch == null ? "" : watch.text(), retry));
  }

  private Future<Void> end(Outcome outcome) {
    return services
        .runs()
        .find(run.id())
        .compose(
            now ->
                services
                    .outcomes()
                    // With its session, for the inbox.
                    .end(now.orElse(run), outcome, services.clock().instant()))
        .mapEmpty();
  }

  private Future<Void> pause(Duration time) {
    return services.vertx().timer(Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
