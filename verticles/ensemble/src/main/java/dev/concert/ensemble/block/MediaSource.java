package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The bytes of a file in a message, or a URL for the provider to fetch.
 *
 * @param type {@code base64} or {@code url}
 * @param mediaType for example {@code image/png}; may be null with a URL
 * @param data base64 text; null with a URL
 * @param url the provider fetches it, not Ensemble; null with base64
 */
public record MediaSource(
    String type, @JsonProperty("media_type") String mediaType, String data, String url) {

  /** Whether the provider fetches it from a URL. */
  public boolean toBeFetched() {
    return "url".equals(type);
  }

  /** A URL in both cases: bytes become a {@code data:} URL (RFC 2397), as OpenAI expects. */
  public String dataUrl() {
    return toBeFetched() ? url : "data:" + mediaType + ";base64," + data;
  }
}
