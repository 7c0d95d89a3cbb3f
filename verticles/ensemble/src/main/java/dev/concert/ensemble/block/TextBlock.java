package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * Text; while streaming, a piece of it.
 *
 * @param text never null in what Ensemble sends; checked in what it receives
 * @param opaque further data of the provider about this text, for example citations; a piece that
 *     has it ends its block; nullable
 * @param cacheControl only in messages to a model; nullable
 */
@JsonTypeName("text")
public record TextBlock(
    String text, Opaque opaque, @JsonProperty("cache_control") CacheControl cacheControl)
    implements Block, ContentBlock {

  public TextBlock(String text) {
    this(text, null, null);
  }

  public TextBlock(String text, Opaque opaque) {
    this(text, opaque, null);
  }
}
