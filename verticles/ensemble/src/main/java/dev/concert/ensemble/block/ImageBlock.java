package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** A picture in a user's message. */
@JsonTypeName("image")
public record ImageBlock(Source source) implements ContentBlock {}
