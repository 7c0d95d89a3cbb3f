package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A call to a provider's server. Not thread-safe: lives on the caller's context. */
final class UpstreamCall implements ProviderCall, UpstreamClient.Sender {
  /**
   * The limit of a response that is not streamed, which is held in memory; images are the largest
   * part.
   */
  private static final int MAX_BODY = 64 * 1024 * 1024;

  private final String provider;
  private final UpstreamClient gate;
  private final ResponseReader answer;
  private final boolean streaming;
  private final Buffer whole = Buffer.buffer();
  private final EventDecoder reader;
  private final Promise<ProviderOutcome> outcome = Promise.promise();
  private Optional<HttpClientRequest> request = Optional.empty();
  private Optional<HttpClientResponse> response = Optional.empty();
  private boolean paused;
  private boolean over;
  private boolean unwanted;
  private Optional<ResponseForm> form = Optional.empty();

  UpstreamCall(
      String provider,
      UpstreamClient gate,
      ResponseReader answer,
      Function<Consumer<SseEvent>, EventDecoder> framing,
      boolean streaming) {
    this.provider = provider;
    this.gate = gate;
    this.answer = answer;
    this.streaming = streaming;
    this.reader = framing.apply(answer::event);
  }

  void begin(UpstreamRequest theirs) {
    gate.send(theirs, streaming, this).onSuccess(this::receive).onFailure(this::end);
  }

  @Override
  public Future<ProviderOutcome> outcome() {
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
    if (answer.takesBytes()) {
      String type = Optional.ofNullable(begun.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
      begun.handler(
          bytes -> {
            if (!over) {
              answer.bytes(type, bytes);
            }
          });
      begun.endHandler(end -> bytesEnded());
    } else {
      begun.handler(this::piece);
      begun.endHandler(end -> bodyEnded());
    }
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
      form = form.or(() -> ResponseForm.of(bytes));
      if (isStream()) {
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

  private boolean isStream() {
    return form.orElse(streaming ? ResponseForm.EVENTS : ResponseForm.JSON) == ResponseForm.EVENTS;
  }

  private void collect(Buffer bytes) {
    if (whole.length() + bytes.length() > MAX_BODY) {
      throw MalformedResponse.of(provider, "sent a response of more than 64 MiB");
    }
    whole.appendBuffer(bytes);
  }

  private void bytesEnded() {
    if (!over) {
      succeed();
    }
  }

  private void bodyEnded() {
    if (over) {
      return;
    }
    try {
      if (isStream()) {
        reader.end();
      } else {
        whole(MalformedResponse.json(provider, whole.toString()));
      }
      succeed();
    } catch (ConcertException broken) {
      fail(broken);
    }
  }

  /** Google's stream without server-sent events is one array of its pieces. */
  private void whole(JsonNode body) {
    if (body.isArray() && !body.isEmpty()) {
      body.forEach(piece -> answer.event(new SseEvent("", ExactJson.text(piece))));
    } else {
      answer.whole(MalformedResponse.object(provider, body));
    }
  }

  private void succeed() {
    ProviderOutcome ended = answer.end();
    over = true;
    // Anything after the end mark is read and dropped, so that the connection can be reused.
    response.ifPresent(HttpClientResponse::resume);
    outcome.complete(ended);
  }

  /** A vendor's error in the middle may repeat the key that it received. */
  private void fail(ConcertException broken) {
    end(gate.withoutSecrets(broken));
  }

  private void cut(Throwable failure) {
    end(
        new ConcertException(
            ErrorCode.PROVIDER_FAILED,
            "The provider '" + provider + "' cut the response off.",
            failure));
  }

  private void end(Throwable failure) {
    if (!over) {
      over = true;
      outcome.fail(failure);
    }
  }
}
