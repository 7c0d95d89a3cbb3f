package dev.concert.ensemble.usage;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ExpectedLog(
    logger = "dev.concert.ensemble.usage.BusUsageReporter",
    message = "Cannot report the usage",
    required = false)
class UsageReportTest {
  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble = new RunningEnsemble(upstream.options());
  private final List<UsageReport> reports = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  @Test
  void arrivesBeforeTheAnswerIsDone() {
    upstream.events(data(text("hi"), finish("stop"), usage(100, 40, 7), "[DONE]"));
    keepAccounts();

    Sse answer = stream();

    // The stream has just been read to its end, so whatever came before "done" is there by now.
    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(reports)
        .containsExactly(new UsageReport("instance-1", "real", "scripted", 60, 7, 40, "0.000297"));
  }

  @Test
  void holdsTheAnswerBackUntilItWasTaken() {
    upstream.events(data(text("hi"), finish("stop"), "[DONE]"));
    Promise<Accepted> taken = Promise.promise();
    ensemble
        .bus()
        .serve(
            Addresses.REPORT_USAGE,
            report -> {
              ensemble.vertx().setTimer(200, timer -> taken.complete(Accepted.ACCEPTED));
              return taken.future();
            });

    Sse answer = stream();

    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(taken.future().isComplete()).isTrue();
  }

  @Test
  void doesNotBreakTheAnswerWhenNobodyTakesIt() {
    upstream.events(data(text("hi"), finish("stop"), "[DONE]"));

    assertThat(stream().last().name()).isEqualTo("done");
  }

  @Test
  void doesNotBreakTheAnswerWhenTheCoordinatorIsDeadSilent() {
    upstream.events(data(text("hi"), finish("stop"), "[DONE]"));
    ensemble.bus().serve(Addresses.REPORT_USAGE, report -> Promise.<Accepted>promise().future());

    assertThat(stream().last().name()).isEqualTo("done");
  }

  @Test
  void countsWhatAFailedAnswerHadCost() {
    upstream.events(data(text("half an answer")));
    keepAccounts();

    assertThat(stream().last().name()).isEqualTo("error");
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().outputTokens()).isEqualTo(4);
  }

  @Test
  void isNotSentForACallThatWasRefused() {
    upstream.status(400, "application/json", "{}");
    keepAccounts();

    assertThat(stream().status()).isEqualTo(400);
    assertThat(reports).isEmpty();
  }

  private void keepAccounts() {
    ensemble
        .bus()
        .serve(
            Addresses.REPORT_USAGE,
            report -> {
              reports.add(report);
              return Future.succeededFuture(Accepted.ACCEPTED);
            });
  }

  private Sse stream() {
    return ensemble.client(ensemble.open("instance-1").token()).stream(Requests.REAL);
  }
}
