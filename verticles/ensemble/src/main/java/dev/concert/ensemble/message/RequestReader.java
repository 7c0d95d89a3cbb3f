package dev.concert.ensemble.message;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Reads and validates the body of a request. Thread-safe.
 *
 * <p>Stricter than the bus's mapper: numbers and strings are not converted, because a client that
 * mixes them up usually has another mistake.
 */
public final class RequestReader {
  /** Jackson's own limit is 20 million; an image in base64 may fill the whole body. */
  private static final int LONGEST_TEXT = 32 * 1024 * 1024;

  private static final ObjectReader READER = strictReader();

  private RequestReader() {}

  /**
   * @throws ConcertException {@code INVALID_JSON}, or {@code INVALID_MESSAGE} naming the wrong
   *     field
   */
  public static InferenceRequest read(Buffer body) {
    InferenceRequest request = parse(() -> READER.readValue(body.getBytes()));
    RequestValidator.check(request);
    return request;
  }

  /** Reads a body that was converted from another format. */
  public static InferenceRequest read(JsonNode body) {
    InferenceRequest request = parse(() -> READER.readValue(body));
    RequestValidator.check(request);
    return request;
  }

  private interface Reading {
    InferenceRequest read() throws IOException;
  }

  private static InferenceRequest parse(Reading reading) {
    try {
      InferenceRequest request = reading.read();
      if (request == null) {
        throw new ConcertException(ErrorCode.INVALID_JSON, "The body must be one JSON object.");
      }
      return request;
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof StreamConstraintsException limit) {
        throw JsonErrorText.notJson(limit);
      }
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, JsonErrorText.sentence(e));
    } catch (JacksonException e) {
      throw JsonErrorText.notJson(e);
    } catch (IOException e) {
      throw new ConcertException(ErrorCode.INVALID_JSON, "The body cannot be read as JSON.", e);
    }
  }

  private static ObjectReader strictReader() {
    StreamReadConstraints roomy =
        StreamReadConstraints.builder()
            .maxStringLength(LONGEST_TEXT)
            .maxTokenCount(ExactJson.MOST_SENT)
            .build();
    JsonMapper.Builder builder =
        JsonMapper.builder(JsonFactory.builder().streamReadConstraints(roomy).build());
    builder
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        // Else a number is the place of a word in our own list.
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .withCoercionConfig(
            LogicalType.Textual,
            text ->
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    return builder.build().readerFor(InferenceRequest.class);
  }
}
