package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** Sound in a user's message. */
@JsonTypeName("audio")
public record AudioBlock(Source source) implements ContentBlock {}
