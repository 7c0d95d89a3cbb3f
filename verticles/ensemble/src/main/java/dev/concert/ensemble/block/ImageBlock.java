package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * A picture in a user's message or a tool's result.
 *
 * @param cacheControl nullable
 */
@JsonTypeName("image")
public record ImageBlock(Source source, @JsonProperty("cache_control") CacheControl cacheControl)
    implements ContentBlock {}
