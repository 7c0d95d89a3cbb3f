package dev.concert.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The one JSON mapper: records in and out, unknown fields ignored, nulls left out. Thread-safe. */
public final class Json {
  /** What can be read can be written again inside a few more levels: reading allows 1,000. */
  private static final StreamWriteConstraints WRITING =
      StreamWriteConstraints.builder().maxNestingDepth(1100).build();

  public static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().streamWriteConstraints(WRITING).build())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Else a number is the place of a word in our own list.
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  private Json() {}
}
