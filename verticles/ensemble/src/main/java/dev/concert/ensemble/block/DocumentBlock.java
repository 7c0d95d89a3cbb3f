package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** A document, usually a PDF, in a user's message. */
@JsonTypeName("document")
public record DocumentBlock(Source source) implements ContentBlock {}
