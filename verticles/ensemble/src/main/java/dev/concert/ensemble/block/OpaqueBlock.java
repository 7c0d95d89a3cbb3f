package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * A whole block of a provider that has no equivalent here: a tool that ran at the provider, its
 * result, redacted thinking. It keeps its place in the answer.
 */
@JsonTypeName("opaque")
public record OpaqueBlock(Opaque opaque) implements Block, ContentBlock {}
