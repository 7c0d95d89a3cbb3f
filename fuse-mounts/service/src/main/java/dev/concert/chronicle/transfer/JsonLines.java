package dev.concert.chronicle.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;

/** A line with an object each. */
final class JsonLines {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private JsonLines() {}

  static JsonGenerator to(OutputStream into) throws IOException {
    return JSON.createGenerator(into)
        .setRootValueSeparator(new SerializedString("\n"))
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }
}
