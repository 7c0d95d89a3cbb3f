package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.Problem;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An answer in one piece, in some vendor's form.
 *
 * @param write the whole answer's body
 * @param refuse answers with an HTTP error
 */
public record WholeForm(
    Exchange exchange, Function<InferenceResponse, JsonNode> write, Consumer<Problem> refuse)
    implements AnswerSink {

  @Override
  public void block(Block block) {
    // The call itself collects them.
  }

  @Override
  public void done(InferenceResponse response) {
    HttpAnswer.send(exchange.response(), 200, write.apply(response));
  }

  @Override
  public void failed(Problem problem) {
    if (!exchange.response().closed()) {
      refuse.accept(problem);
    }
  }

  @Override
  public boolean full() {
    return false;
  }

  @Override
  public void whenDrained(Runnable action) {
    action.run();
  }
}
