package dev.concert.bus;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A failure as the reply to a request: it crosses whole, as data.
 *
 * <p>Wire form: 4-byte big-endian length, then JSON {@code {code, message, advice, retryAfterMs,
 * service, details?}}. A code that this node does not know yet becomes {@link ErrorCode#INTERNAL};
 * its sentence and its advice stay.
 */
final class BusFailure extends ReplyException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  BusFailure(Problem problem) {
    super(ReplyFailure.RECIPIENT_FAILURE, problem.code().number(), problem.message());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }

  private record Wire(
      String code,
      String message,
      String advice,
      long retryAfterMs,
      String service,
      String details) {
    static Wire of(Problem problem) {
      return new Wire(
          problem.code().name(),
          problem.message(),
          problem.code().advice(),
          problem.retryAfterMs(),
          problem.service(),
          problem.details());
    }

    Problem problem() {
      return ErrorCode.ofName(code)
          .map(known -> new Problem(known, message, retryAfterMs, service))
          .orElseGet(
              () -> new Problem(ErrorCode.INTERNAL, message + " " + advice, retryAfterMs, service))
          .withDetails(details == null ? "" : details);
    }
  }

  /** Carries failures: by reference inside a JVM, as JSON between JVMs. */
  static final class Codec implements MessageCodec<BusFailure, BusFailure> {
    @Override
    public void encodeToWire(Buffer buffer, BusFailure failure) {
      try {
        byte[] json = Json.MAPPER.writeValueAsBytes(Wire.of(failure.problem()));
        buffer.appendInt(json.length).appendBytes(json);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot encode a failure", e);
      }
    }

    @Override
    public BusFailure decodeFromWire(int position, Buffer buffer) {
      int length = buffer.getInt(position);
      try {
        byte[] json = buffer.getBytes(position + 4, position + 4 + length);
        return new BusFailure(Json.MAPPER.readValue(json, Wire.class).problem());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot decode a failure", e);
      }
    }

    @Override
    public BusFailure transform(BusFailure failure) {
      return failure;
    }

    @Override
    public String name() {
      return BusFailure.class.getName();
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
