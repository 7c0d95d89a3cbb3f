package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.model.TokenCount;
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

/** One call to a server. Not thread-safe: lives on the caller's context. */
final class UpstreamCall implements ProviderCall, UpstreamGate.Sender {
  /** An answer in one piece is held in memory; pictures in it are the largest part. */
  private static final int MAX_BODY = 64 * 1024 * 1024;

  private final String provider;
  private final UpstreamGate gate;
  private final AnswerReader answer;
  private final boolean streaming;
  private final Buffer whole = Buffer.buffer();
  private final EventReader reader;
  private final Promise<Outcome> outcome = Promise.promise();
  private Optional<HttpClientRequest> request = Optional.empty();
  private Optional<HttpClientResponse> response = Optional.empty();
  private boolean paused;
  private boolean over;
  private boolean unwanted;

  UpstreamCall(String provider, UpstreamGate gate, AnswerReader answer, boolean streaming) {
    this.provider = provider;
    this.gate = gate;
    this.answer = answer;
    this.streaming = streaming;
    this.reader = new EventReader(answer::event);
  }

  void begin(String path, Buffer body) {
    gate.send(path, body, streaming, this).onSuccess(this::receive).onFailure(this::fail);
  }

  @Override
  public Future<Outcome> outcome() {
    return outcome.future();
  }

  @Override
  public Optional<TokenCount> counted() {
    return answer.counted();
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
    unwanted = true;
    abandon();
  }

  @Override
  public void timeOut() {
    abandon();
  }

  private void abandon() {
    over = true;
    request.ifPresent(HttpClientRequest::reset);
  }

  @Override
  public boolean unwanted() {
    return unwanted;
  }

  @Override
  public void sending(HttpClientRequest open) {
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
      if (streaming) {
        reader.accept(bytes);
      } else {
        collect(bytes);
      }
      if (answer.isLast()) {
        succeed();
      }
    } catch (ConcertException broken) {
      fail(broken);
      request.ifPresent(HttpClientRequest::reset);
    }
  }

  private void collect(Buffer bytes) {
    if (whole.length() + bytes.length() > MAX_BODY) {
      throw BrokenAnswer.of(provider, "sent an answer of more than 64 MiB");
    }
    whole.appendBuffer(bytes);
  }

  private void bodyEnded() {
    if (over) {
      return;
    }
    try {
      if (streaming) {
        reader.end();
      } else {
        answer.whole(BrokenAnswer.object(provider, whole.toString()));
      }
      succeed();
    } catch (ConcertException broken) {
      fail(broken);
    }
  }

  private void succeed() {
    Outcome ended = answer.end();
    over = true;
    // What may follow the end mark is read and dropped, so that the connection can be used again.
    response.ifPresent(HttpClientResponse::resume);
    outcome.complete(ended);
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
