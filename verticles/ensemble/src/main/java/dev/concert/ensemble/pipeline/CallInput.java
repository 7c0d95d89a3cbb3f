package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.admission.RemainingLimits;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.message.InferenceRequest;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What an entry point (HTTP in any API format, or a WebSocket) hands to the pipeline.
 *
 * @param token the bearer token; a secret
 * @param size bytes or characters of the body
 * @param content the body
 * @param form the API format, for example {@code messages}
 * @param session calls of one session are preferably sent to one endpoint
 * @param outlivesClient whether the call goes on when its client is gone, where responses are
 *     stored
 * @param onAdmitted receives what is left of the key's limits, before the response begins
 * @param arrived when the whole request had arrived, of {@code System.nanoTime()}
 */
public record CallInput(
    String requestId,
    Optional<String> token,
    int size,
    Content content,
    String form,
    Optional<String> session,
    boolean outlivesClient,
    Consumer<RemainingLimits> onAdmitted,
    long arrived) {

  /** What the client has sent. May be used on a worker. */
  public interface Content {
    /** Parses and validates it; may throw a {@code ConcertException}. */
    Parsed parsed();

    /** Its bytes, for whoever looks at them before they are parsed. */
    Buffer bytes();

    /** The same request with other bytes. */
    Content with(Buffer other);
  }

  /**
   * A parsed request.
   *
   * @param sink creates the sink of the response, once it is known that there will be one
   */
  public record Parsed(InferenceRequest request, Supplier<ResponseSink> sink) {}

  @Override
  public String toString() {
    return "CallInput[requestId=" + requestId + ", form=" + form + "]";
  }
}
