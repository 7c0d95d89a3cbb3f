package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.guardrail.Guardrails;
import dev.concert.ensemble.guardrail.RequestTexts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has guardrails check the texts of the request, before anything else reads them. */
record GuardrailStage(BodyReader reader, Guardrails guardrails) implements CallStage {
  private static final Logger LOG = LoggerFactory.getLogger(GuardrailStage.class);

  @Override
  public Future<Void> handle(Call call) {
    if (!guardrails.checkRequests()) {
      return Future.succeededFuture();
    }
    Buffer sent = call.content().bytes();
    return reader
        .read(call.input().size(), () -> RequestTexts.of(sent))
        .compose(texts -> texts.map(some -> check(call, some)).orElseGet(Future::succeededFuture));
  }

  private Future<Void> check(Call call, RequestTexts texts) {
    String id = call.identity().requestId();
    return guardrails
        .request(id, texts.texts())
        .onFailure(stopped -> LOG.info("The call {} has not begun: {}", id, stopped.getMessage()))
        .map(
            checked -> {
              if (!checked.equals(texts.texts())) {
                call.replaceContent(texts.with(checked));
              }
              return null;
            });
  }
}
