package dev.concert.ensemble.call;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator may read of a call. */
class CallLogTest {
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.concert");

  /** The tests' configuration keeps the lines of calls from the loggers above. */
  private final Logger calls = (Logger) LoggerFactory.getLogger("dev.concert.ensemble.calls");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble = new RunningEnsemble(upstream.options());

  @BeforeEach
  void listen() {
    ours.setLevel(Level.DEBUG);
    log.start();
    ours.addAppender(log);
    calls.addAppender(log);
  }

  @AfterEach
  void stop() {
    calls.detachAppender(log);
    ours.detachAppender(log);
    ours.setLevel(null);
    ensemble.close();
    upstream.close();
  }

  @Test
  void hasOneLineForACallAndNeitherKeyNorText() {
    upstream.events(data(text("the secret answer"), finish("stop"), "[DONE]"));

    ensemble.client().stream(Requests.REAL.replace("hello", "the secret question"));

    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst())
        .contains("model=real", "end=end_turn", "estimated", "cost=")
        .doesNotContain("secret", RunningEnsemble.KEY, Upstream.KEY);
  }

  @Test
  void hasOneLineForACallThatFailedAndNothingOfWhatTheModelWrote() {
    upstream.events(data(text("the secret answer"), "{\"choices\":[{\"delta\":\"secret\"}]}"));

    ensemble.client().stream(Requests.REAL);

    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst()).contains("end=PROVIDER_FAILED").doesNotContain("secret");
  }

  @Test
  void saysThatAnotherProviderIsAskedAndNothingOfWhatAVendorRepeats() {
    ProviderOptions first = upstream.options();
    upstream.status(
        500,
        "application/json",
        "{\"error\":{\"message\":\"No answer to 'the secret question'\"}}");
    try (RunningEnsemble two =
        new RunningEnsemble(
            first,
            first.at("second", first.baseUrl(), first.keyVariable(), first.key(), first.limit()))) {

      two.client().stream(Requests.REAL.replace("hello", "the secret question"));
    }

    assertThat(lines()).hasSize(2);
    assertThat(lines().getFirst()).contains("end=retried_", "next=");
    assertThat(String.join("\n", lines())).doesNotContain("secret", Upstream.KEY);
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
