package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * An image in a user's message or a tool's result.
 *
 * @param cacheControl nullable
 */
@JsonTypeName("image")
public record ImageBlock(
    MediaSource source, @JsonProperty("cache_control") CacheControl cacheControl)
    implements ContentBlock {}
