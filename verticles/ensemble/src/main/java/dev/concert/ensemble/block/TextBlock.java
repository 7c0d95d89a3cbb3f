package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * Text; while streaming, a piece of it.
 *
 * @param text never null in what Ensemble sends; checked in what it receives
 */
@JsonTypeName("text")
public record TextBlock(String text) implements Block, ContentBlock {}
