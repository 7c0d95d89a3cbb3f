package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Bytes that come with a message.
 *
 * @param type always {@code base64}
 * @param mediaType for example {@code image/png}
 * @param data base64 text
 */
public record Source(String type, @JsonProperty("media_type") String mediaType, String data) {

  /** The same as a {@code data:} URL (RFC 2397), the form OpenAI takes. */
  public String dataUrl() {
    return "data:" + mediaType + ";base64," + data;
  }
}
