package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * A document, usually a PDF, in a user's message or a tool's result.
 *
 * @param title its file name; nullable
 * @param cacheControl nullable
 */
@JsonTypeName("document")
public record DocumentBlock(
    MediaSource source, String title, @JsonProperty("cache_control") CacheControl cacheControl)
    implements ContentBlock {
  /** The name for providers that require one. */
  public String fileName() {
    return title == null || title.isBlank() ? "document" : title;
  }
}
