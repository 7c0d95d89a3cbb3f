package dev.concert.ensemble.api;

import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.Exchange;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;

/** Our own form: events, or one piece. */
enum NativeForm implements ClientForm {
  STREAM(
      "stream",
      exchange -> new SseAnswer(exchange.vertx(), exchange.response(), SseAnswer.HEARTBEAT)),
  WHOLE("generate", exchange -> new WholeAnswer(exchange.response()));

  private final String label;
  private final Function<Exchange, AnswerSink> answer;

  NativeForm(String label, Function<Exchange, AnswerSink> answer) {
    this.label = label;
    this.answer = answer;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public Asked read(Buffer body) {
    return new Asked(RequestReader.read(body), answer);
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    JsonReply.fail(response, problem);
  }
}
