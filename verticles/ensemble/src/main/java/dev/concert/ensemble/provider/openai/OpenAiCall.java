package dev.concert.ensemble.provider.openai;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.provider.Outcome;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;
import java.util.function.Consumer;

/** One call to a server. Not thread-safe: lives on the caller's context. */
final class OpenAiCall implements ProviderCall {
  private final String provider;
  private final UpstreamGate gate;
  private final ChatStream stream;
  private final EventReader reader;
  private final Promise<Outcome> outcome = Promise.promise();
  private Optional<HttpClientRequest> request = Optional.empty();
  private Optional<HttpClientResponse> response = Optional.empty();
  private boolean paused;
  private boolean over;

  OpenAiCall(String provider, UpstreamGate gate, Consumer<Block> sink) {
    this.provider = provider;
    this.gate = gate;
    this.stream = new ChatStream(provider, sink);
    this.reader = new EventReader(stream::event);
  }

  void begin(Buffer body) {
    gate.send(body, this::sent).onSuccess(this::receive).onFailure(this::fail);
  }

  @Override
  public Future<Outcome> outcome() {
    return outcome.future();
  }

  @Override
  public void pause() {
    paused = true;
    response.ifPresent(HttpClientResponse::pause);
  }

  @Override
  public void resume() {
    paused = false;
    if (!over) {
      response.ifPresent(HttpClientResponse::resume);
    }
  }

  @Override
  public void cancel() {
    over = true;
    request.ifPresent(HttpClientRequest::reset);
  }

  private void sent(HttpClientRequest open) {
    request = Optional.of(open);
    if (over) {
      open.reset();
    }
  }

  private void receive(HttpClientResponse begun) {
    if (over) {
      begun.request().reset();
      return;
    }
    response = Optional.of(begun);
    begun.handler(this::piece);
    begun.endHandler(end -> bodyEnded());
    begun.exceptionHandler(this::cut);
    if (!paused) {
      begun.resume();
    }
  }

  private void piece(Buffer bytes) {
    if (over) {
      return;
    }
    try {
      reader.accept(bytes);
      if (stream.isLast()) {
        succeed();
      }
    } catch (ConcertException broken) {
      fail(broken);
      request.ifPresent(HttpClientRequest::reset);
    }
  }

  private void bodyEnded() {
    if (over) {
      return;
    }
    try {
      reader.end();
      succeed();
    } catch (ConcertException broken) {
      fail(broken);
    }
  }

  private void succeed() {
    Outcome whole = stream.end();
    over = true;
    // What may follow the end mark is read and dropped, so that the connection can be used again.
    response.ifPresent(HttpClientResponse::resume);
    outcome.complete(whole);
  }

  private void cut(Throwable failure) {
    fail(
        new ConcertException(
            ErrorCode.PROVIDER_FAILED,
            "The provider '" + provider + "' cut its answer short.",
            failure));
  }

  private void fail(Throwable failure) {
    if (!over) {
      over = true;
      outcome.fail(failure);
    }
  }
}
