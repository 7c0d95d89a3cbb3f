package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Bytes that come with a message, or where the provider may fetch them.
 *
 * @param type {@code base64} or {@code url}
 * @param mediaType for example {@code image/png}; may be null with a URL
 * @param data base64 text; null with a URL
 * @param url the provider fetches it, not Ensemble; null with base64
 */
public record Source(
    String type, @JsonProperty("media_type") String mediaType, String data, String url) {

  public static Source base64(String mediaType, String data) {
    return new Source("base64", mediaType, data, null);
  }

  /** Whether the provider has to fetch it. */
  public boolean toBeFetched() {
    return "url".equals(type);
  }

  /** A URL in either case: {@code data:} (RFC 2397) for bytes, the form OpenAI takes. */
  public String dataUrl() {
    return toBeFetched() ? url : "data:" + mediaType + ";base64," + data;
  }
}
